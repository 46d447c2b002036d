-- What would each model expect of a tenth of the worst paid channel's budget, spent in the best one instead? Channels
-- with a twentieth of all spend or more, by the revenue that they are given for each unit of it, over all months. A
-- gain that only some models see is one to test before moving; all of them suppose that the best channel's returns do
-- not fall.
with

channel_attribution as (
    select * from {{ ref('channel_attribution') }}
),

paid_channels as (
    select
        model,
        channel,
        sum(spend) as spend,
        sum(sum(spend)) over (partition by model) as all_spend,
        {{ rounded_ratio('sum(credited_revenue)', 'sum(spend)') }} as roas
    from channel_attribution
    where order_type = 'all'
    group by model, channel
    having sum(spend) > 0
),

ranked_channels as (
    select
        model,
        channel,
        spend,
        roas,
        row_number() over (partition by model order by roas desc, channel) as place_from_best,
        row_number() over (partition by model order by roas, channel) as place_from_worst
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
from ranked_channels as worst
inner join ranked_channels as best
    on best.model = worst.model
    and best.place_from_best = 1
where worst.place_from_worst = 1
order by worst.model
