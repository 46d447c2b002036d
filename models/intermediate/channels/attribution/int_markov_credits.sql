with

markov_effects as (select * from {{ ref('int_markov_effects') }}),

attribution_paths as (select * from {{ ref('int_attribution_paths') }}),

touched_conversions as (
    select
        month,
        order_type,
        count(*) as orders,
        {{ money('sum(net_revenue)') }} as net_revenue
    from attribution_paths
    where order_id is not null and touches > 0
    group by month, order_type
),

weighted_channels as (
    select
        markov_effects.month,
        markov_effects.order_type,
        markov_effects.channel,
        touched_conversions.orders,
        touched_conversions.net_revenue,
        cast(round(markov_effects.credit_share * 10000000000) as decimal(17, 0)) as weight
    from markov_effects
    inner join touched_conversions
        on touched_conversions.month = markov_effects.month
        and touched_conversions.order_type = markov_effects.order_type
),

{{ split_by_largest_remainder(
    name='order_shares', rows='weighted_channels', whole=['month', 'order_type'], part='channel',
    amount='orders', weight='weight', result='credited_orders', places=9
) }},

{{ split_by_largest_remainder(
    name='revenue_shares', rows='weighted_channels', whole=['month', 'order_type'], part='channel',
    amount='net_revenue', weight='weight', result='credited_revenue'
) }}

select
    order_shares.month,
    order_shares.order_type,
    order_shares.channel,
    order_shares.credited_orders,
    revenue_shares.credited_revenue
from order_shares
inner join revenue_shares
    on revenue_shares.month = order_shares.month
    and revenue_shares.order_type = order_shares.order_type
    and revenue_shares.channel = order_shares.channel
