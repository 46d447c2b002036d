with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_channels as (select * from {{ ref('int_order_channels') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

valid_orders as (
    select
        orders_valued.order_month as month,
        order_channels.channel,
        orders_valued.net_revenue,
        coalesce(covered_days.is_channel_day, false) as is_on_common_day
    from orders_valued
    inner join order_channels on order_channels.order_id = orders_valued.order_id
    left join covered_days on covered_days.date = orders_valued.order_date
    where orders_valued.is_valid
)

select
    {{ period_of('month') }} as period,
    channel,
    count(*) as orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    count(*) filter (where is_on_common_day) as orders_on_common_days,
    {{ money('coalesce(sum(net_revenue) filter (where is_on_common_day), 0)') }} as net_revenue_on_common_days,
    month
from valid_orders
group by grouping sets ((month, channel), (channel))
