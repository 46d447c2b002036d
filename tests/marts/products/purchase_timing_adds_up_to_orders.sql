-- Orders of no hour, or revenue of two, would put the staff and the campaigns at the wrong time.
with

purchase_timing as (
    select * from {{ ref('purchase_timing') }}
),

orders as (
    select * from {{ ref('orders') }}
),

of_orders as (
    select
        count(*) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue
    from orders
    where is_valid
),

of_slots as (
    select
        coalesce(sum(orders) filter (where category = 'all'), 0) as orders,
        coalesce(sum(net_revenue) filter (where category = 'all'), 0) as net_revenue,
        coalesce(sum(net_revenue) filter (where category <> 'all'), 0) as category_net_revenue,
        count(*) filter (where weekday not between 1 and 7 or hour not between 0 and 23) as impossible_slots
    from purchase_timing
)

select
    of_orders.orders as shop_orders,
    of_slots.orders,
    of_orders.net_revenue as shop_net_revenue,
    of_slots.net_revenue,
    of_slots.category_net_revenue,
    of_slots.impossible_slots
from of_orders
cross join of_slots
where
    of_orders.orders <> of_slots.orders
    or of_orders.net_revenue <> of_slots.net_revenue
    or of_orders.net_revenue <> of_slots.category_net_revenue
    or of_slots.impossible_slots > 0
