with

order_categories as (select * from {{ ref('int_order_categories') }}),

order_circumstances as (select * from {{ ref('int_order_circumstances') }}),

timing_slots as (
    select
        order_circumstances.weekday,
        order_circumstances.hour,
        order_circumstances.device_type,
        order_categories.category,
        count(*) as orders,
        sum(order_categories.net_revenue) as net_revenue
    from order_categories
    inner join order_circumstances on order_circumstances.order_id = order_categories.order_id
    group by
        order_circumstances.weekday,
        order_circumstances.hour,
        order_circumstances.device_type,
        order_categories.category
),

slots_with_totals as (
    select
        weekday,
        hour,
        device_type,
        category,
        orders,
        net_revenue,
        cast(sum(orders) over (partition by category) as bigint) as category_orders
    from timing_slots
)

select
    weekday,
    hour,
    device_type,
    category,
    orders,
    category_orders,
    {{ rounded_ratio('orders', 'category_orders') }} as share,
    {{ money('net_revenue') }} as net_revenue,
    {{ mean_amount('net_revenue', 'orders') }} as aov
from slots_with_totals
