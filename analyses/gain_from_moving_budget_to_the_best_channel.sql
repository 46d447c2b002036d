-- How much revenue would each attribution model expect if a tenth of the worst paid channel's budget moved to the best
-- one? Only channels with at least a twentieth of all spend count. Channels are compared by attributed revenue per unit
-- of spend, over all months. Every model assumes that the best channel's return stays the same. Test a gain that only
-- some models see before moving budget.
with

channel_attribution as (select * from {{ ref('channel_attribution') }}),

-- Spend is repeated for each order type.
month_channels as (
    select
        month,
        model,
        channel,
        max(spend) as spend,
        sum(credited_revenue) as credited_revenue
    from channel_attribution
    group by month, model, channel
),

paid_channels as (
    select
        model,
        channel,
        sum(spend) as spend,
        sum(sum(spend)) over (partition by model) as all_spend,
        {{ rounded_ratio('sum(credited_revenue)', 'sum(spend)') }} as roas
    from month_channels
    group by model, channel
    having sum(spend) > 0
),

ranked_paid_channels as (
    select
        model,
        channel,
        spend,
        roas,
        row_number() over (partition by model order by roas desc, channel) as rank_from_best,
        row_number() over (partition by model order by roas, channel) as rank_from_worst
    from paid_channels
    where spend >= 0.05 * all_spend
)

select
    worst.model,
    worst.channel as worst_channel,
    best.channel as best_channel,
    worst.roas as worst_roas,
    best.roas as best_roas,
    {{ money('worst.spend * 0.1') }} as moved_spend,
    {{ rounded_double('cast(worst.spend as double) * 0.1 * (best.roas - worst.roas)') }} as expected_revenue_gain
from ranked_paid_channels as worst
inner join ranked_paid_channels as best
    on best.model = worst.model
    and best.rank_from_best = 1
where worst.rank_from_worst = 1
order by worst.model
