with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

session_channels as (select * from {{ ref('int_session_channels') }})

-- Every order has one channel, so that channels add up to the shop. `web` is where an order was placed, not its
-- channel.
select
    orders_valued.order_id,
    order_sessions.session_id,
    session_channels.channel as session_channel,
    coalesce(session_channels.channel, nullif(orders_valued.sales_channel, 'web'), 'unattributed') as channel
from orders_valued
left join order_sessions on order_sessions.order_id = orders_valued.order_id
left join session_channels on session_channels.session_id = order_sessions.session_id
