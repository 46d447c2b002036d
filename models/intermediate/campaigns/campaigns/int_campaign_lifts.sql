with

campaign_holdouts as (
    select * from {{ ref('int_campaign_holdouts') }}
),

campaign_intervals as (
    select * from {{ ref('int_campaign_intervals') }}
),

-- A difference of means times the treated units, multiplied out: what they did less what as many of the holdout would.
-- Of nobody treated nothing is known, which is not 0.
lifts as (
    select
        campaign_id,
        experiment_id,
        treated_units,
        treated_buyers,
        {{ rounded_ratio('treated_buyers', 'treated_units') }} as treated_conversion_rate,
        {{ wilson_low('treated_buyers', 'treated_units') }} as treated_low,
        {{ wilson_high('treated_buyers', 'treated_units') }} as treated_high,
        holdout_units,
        holdout_buyers,
        {{ rounded_ratio('holdout_buyers', 'holdout_units') }} as holdout_conversion_rate,
        {{ wilson_low('holdout_buyers', 'holdout_units') }} as holdout_low,
        {{ wilson_high('holdout_buyers', 'holdout_units') }} as holdout_high,
        case
            when treated_units > 0
                then treated_orders * cast(holdout_units as decimal(12, 0))
                - holdout_orders * cast(treated_units as decimal(12, 0))
        end as scaled_orders,
        case
            when treated_units > 0
                then treated_revenue * cast(holdout_units as decimal(12, 0))
                - holdout_revenue * cast(treated_units as decimal(12, 0))
        end as scaled_revenue
    from campaign_holdouts
)

select
    lifts.campaign_id,
    lifts.experiment_id,
    lifts.treated_units,
    lifts.treated_buyers,
    lifts.treated_conversion_rate,
    lifts.holdout_units,
    lifts.holdout_buyers,
    lifts.holdout_conversion_rate,
    {{ rounded_ratio(
        '(lifts.treated_buyers * lifts.holdout_units - lifts.holdout_buyers * lifts.treated_units)',
        '(lifts.treated_units * lifts.holdout_units)'
    ) }} as incremental_conversion_rate,
    {{ newcombe_low(
        'lifts.treated_conversion_rate', 'lifts.treated_low', 'lifts.treated_high',
        'lifts.holdout_conversion_rate', 'lifts.holdout_low', 'lifts.holdout_high'
    ) }} as incremental_conversion_rate_low,
    {{ newcombe_high(
        'lifts.treated_conversion_rate', 'lifts.treated_low', 'lifts.treated_high',
        'lifts.holdout_conversion_rate', 'lifts.holdout_low', 'lifts.holdout_high'
    ) }} as incremental_conversion_rate_high,
    {{ rounded_ratio('lifts.scaled_orders', 'lifts.holdout_units') }} as incremental_orders,
    campaign_intervals.incremental_orders_low,
    campaign_intervals.incremental_orders_high,
    {{ mean_amount('lifts.scaled_revenue', 'lifts.holdout_units') }} as incremental_revenue,
    campaign_intervals.incremental_revenue_low,
    campaign_intervals.incremental_revenue_high
from lifts
left join campaign_intervals on campaign_intervals.campaign_id = lifts.campaign_id
