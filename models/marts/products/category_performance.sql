with

category_cells as (
    select * from {{ ref('int_category_cells') }}
)

-- Beside each cell: all categories of its people, and its category and all categories of everyone.
select
    category_cells.period,
    category_cells.category,
    category_cells.city_tier,
    category_cells.age_band,
    category_cells.gender,
    category_cells.breakdown,
    category_cells.orders,
    category_cells.units,
    category_cells.net_revenue,
    {{ mean_amount('category_cells.net_revenue', 'category_cells.orders') }} as aov,
    people.net_revenue as group_net_revenue,
    {{ rounded_ratio('category_cells.net_revenue', 'people.net_revenue') }} as revenue_share,
    {{ rounded_ratio('everyone.net_revenue', 'shop.net_revenue') }} as overall_revenue_share,
    {{ rounded_double(
        'cast(category_cells.net_revenue as double) * cast(shop.net_revenue as double)'
        ~ ' / nullif(cast(people.net_revenue as double) * cast(everyone.net_revenue as double), 0)'
    ) }} as preference_index,
    category_cells.month
from category_cells
inner join category_cells as people
    on people.period = category_cells.period
    and people.category = 'all'
    and people.city_tier = category_cells.city_tier
    and people.age_band = category_cells.age_band
    and people.gender = category_cells.gender
inner join category_cells as everyone
    on everyone.period = category_cells.period
    and everyone.category = category_cells.category
    and everyone.breakdown = 'all'
inner join category_cells as shop
    on shop.period = category_cells.period
    and shop.category = 'all'
    and shop.breakdown = 'all'
