with

order_sessions as (
    select * from {{ ref('int_order_sessions') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
)

select
    order_sessions.session_id,
    count(*) filter (where orders_valued.is_placed) as placed_orders,
    count(*) filter (where orders_valued.is_valid) as orders,
    {{ money('coalesce(sum(orders_valued.net_revenue) filter (where orders_valued.is_valid), 0)') }} as net_revenue
from order_sessions
inner join orders_valued on orders_valued.order_id = order_sessions.order_id
group by order_sessions.session_id
