with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_channels as (select * from {{ ref('int_order_channels') }}),

valid_orders as (
    select
        orders_valued.order_month as month,
        order_channels.channel,
        orders_valued.net_revenue
    from orders_valued
    inner join order_channels on order_channels.order_id = orders_valued.order_id
    where orders_valued.is_valid
)

select
    {{ period_of('month') }} as period,
    channel,
    count(*) as orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    month
from valid_orders
group by grouping sets ((month, channel), (channel))
