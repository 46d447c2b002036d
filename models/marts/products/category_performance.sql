with

category_cells as (select * from {{ ref('int_category_cells') }})

-- Each row has three revenues to compare with: its group over all categories, its category over all customers, and the
-- whole shop.
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
    group_totals.net_revenue as group_net_revenue,
    {{ rounded_ratio('category_cells.net_revenue', 'group_totals.net_revenue') }} as revenue_share,
    {{ rounded_ratio('category_totals.net_revenue', 'shop_totals.net_revenue') }} as overall_revenue_share,
    {{ rounded_double(
        'cast(category_cells.net_revenue as double) * cast(shop_totals.net_revenue as double)'
        ~ ' / nullif(cast(group_totals.net_revenue as double) * cast(category_totals.net_revenue as double), 0)'
    ) }} as preference_index,
    category_cells.month
from category_cells
inner join category_cells as group_totals
    on group_totals.period = category_cells.period
    and group_totals.category = 'all'
    and group_totals.city_tier = category_cells.city_tier
    and group_totals.age_band = category_cells.age_band
    and group_totals.gender = category_cells.gender
inner join category_cells as category_totals
    on category_totals.period = category_cells.period
    and category_totals.category = category_cells.category
    and category_totals.breakdown = 'all'
inner join category_cells as shop_totals
    on shop_totals.period = category_cells.period
    and shop_totals.category = 'all'
    and shop_totals.breakdown = 'all'
