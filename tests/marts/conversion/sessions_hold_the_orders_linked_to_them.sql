-- The revenue of sessions is that of the valid orders linked to a session, to the cent. Otherwise channels lose
-- revenue.
with

sessions as (select * from {{ ref('sessions') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

session_totals as (
    select sum(orders) as orders, sum(net_revenue) as net_revenue from sessions
),

order_totals as (
    select count(*) as orders, coalesce(sum(orders_valued.net_revenue), 0) as net_revenue
    from orders_valued
    inner join order_sessions on order_sessions.order_id = orders_valued.order_id
    where orders_valued.is_valid
)

select
    session_totals.orders,
    order_totals.orders as linked_orders,
    session_totals.net_revenue,
    order_totals.net_revenue as linked_net_revenue
from session_totals
cross join order_totals
where
    coalesce(session_totals.orders, 0) <> order_totals.orders
    or coalesce(session_totals.net_revenue, 0) <> order_totals.net_revenue
