with

order_categories as (select * from {{ ref('int_order_categories') }}),

order_circumstances as (select * from {{ ref('int_order_circumstances') }}),

category_cells as (
    select
        order_categories.category,
        order_circumstances.city_tier,
        order_circumstances.age_band,
        order_circumstances.gender,
        order_circumstances.order_month as month,
        count(*) as orders,
        sum(order_categories.units) as units,
        sum(order_categories.net_revenue) as net_revenue
    from order_categories
    inner join order_circumstances on order_circumstances.order_id = order_categories.order_id
    group by
        order_categories.category,
        order_circumstances.city_tier,
        order_circumstances.age_band,
        order_circumstances.gender,
        order_circumstances.order_month
),

-- Each cell has three revenues to compare with: its customers over all categories, its category over all customers, and
-- the whole shop.
compared_cells as (
    select
        category,
        city_tier,
        age_band,
        gender,
        month,
        orders,
        cast(units as decimal(18, 3)) as units,
        {{ money('net_revenue') }} as net_revenue,
        {{ money('sum(net_revenue) over (partition by month, city_tier, age_band, gender)') }} as group_net_revenue,
        {{ money('sum(net_revenue) over (partition by month, category)') }} as category_net_revenue,
        {{ money('sum(net_revenue) over (partition by month)') }} as shop_net_revenue
    from category_cells
)

select
    category,
    city_tier,
    age_band,
    gender,
    orders,
    units,
    net_revenue,
    {{ mean_amount('net_revenue', 'orders') }} as aov,
    group_net_revenue,
    {{ rounded_ratio('net_revenue', 'group_net_revenue') }} as revenue_share,
    {{ rounded_ratio('category_net_revenue', 'shop_net_revenue') }} as overall_revenue_share,
    {{ rounded_double(
        'cast(net_revenue as double) * cast(shop_net_revenue as double)'
        ~ ' / nullif(cast(group_net_revenue as double) * cast(category_net_revenue as double), 0)'
    ) }} as preference_index,
    month
from compared_cells
