with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

order_sessions as (
    select * from {{ ref('int_order_sessions') }}
)

-- Every order falls to one channel, so that channels add up to the shop. `web` says where an order was placed, not what
-- brought it.
select
    orders_valued.order_id,
    coalesce(order_sessions.channel, nullif(orders_valued.sales_channel, 'web'), 'unattributed') as channel,
    order_sessions.session_id
from orders_valued
left join order_sessions on order_sessions.order_id = orders_valued.order_id
