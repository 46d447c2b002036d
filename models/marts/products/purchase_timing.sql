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

category_totals as (
    select
        category,
        count(*) as category_orders
    from order_categories
    group by category
),

-- Counted from orders: an order with two categories is one order of its slot.
slot_totals as (
    select
        weekday,
        hour,
        device_type,
        count(*) as slot_orders
    from order_circumstances
    group by weekday, hour, device_type
)

select
    timing_slots.weekday,
    timing_slots.hour,
    timing_slots.device_type,
    timing_slots.category,
    timing_slots.orders,
    slot_totals.slot_orders,
    category_totals.category_orders,
    {{ rounded_ratio('timing_slots.orders', 'category_totals.category_orders') }} as share,
    {{ money('timing_slots.net_revenue') }} as net_revenue,
    {{ mean_amount('timing_slots.net_revenue', 'timing_slots.orders') }} as aov
from timing_slots
inner join category_totals on category_totals.category = timing_slots.category
inner join slot_totals
    on slot_totals.weekday = timing_slots.weekday
    and slot_totals.hour = timing_slots.hour
    and slot_totals.device_type = timing_slots.device_type
