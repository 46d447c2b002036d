with

stg_orders as (select * from {{ ref('stg_orders') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

session_channels as (select * from {{ ref('int_session_channels') }})

-- Every order has one channel, so that channels add up to the shop. `web` is where an order was placed, not its
-- channel.
select
    stg_orders.order_id,
    order_sessions.session_id,
    session_channels.channel as session_channel,
    coalesce(session_channels.channel, nullif(stg_orders.sales_channel, 'web'), 'unattributed') as channel
from stg_orders
left join order_sessions on order_sessions.order_id = stg_orders.order_id
left join session_channels on session_channels.session_id = order_sessions.session_id
