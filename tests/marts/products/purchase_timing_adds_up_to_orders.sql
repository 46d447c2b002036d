-- Slots add up to the shop's orders and revenue; otherwise staff and campaigns would be planned for the wrong hours.
with

purchase_timing as (select * from {{ ref('purchase_timing') }}),

orders as (select * from {{ ref('orders') }}),

order_totals as (
    select
        count(*) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue
    from orders
    where is_valid
),

slots as (
    select
        weekday,
        hour,
        max(slot_orders) as orders,
        sum(net_revenue) as net_revenue
    from purchase_timing
    group by weekday, hour, device_type
),

slot_totals as (
    select
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue,
        count(*) filter (where weekday not between 1 and 7 or hour not between 0 and 23) as impossible_slots
    from slots
)

select
    order_totals.orders as shop_orders,
    slot_totals.orders,
    order_totals.net_revenue as shop_net_revenue,
    slot_totals.net_revenue,
    slot_totals.impossible_slots
from order_totals
cross join slot_totals
where
    order_totals.orders <> slot_totals.orders
    or order_totals.net_revenue <> slot_totals.net_revenue
    or slot_totals.impossible_slots > 0
