with

campaign_holdouts as (select * from {{ ref('int_campaign_holdouts') }}),

campaign_intervals as (select * from {{ ref('int_campaign_intervals') }}),

-- The difference of means times the treated units. Both means are multiplied by the held-out units, so that the only
-- division is the last step. Without treated units the effect is null, not 0.
scaled_lifts as (
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
    scaled_lifts.campaign_id,
    scaled_lifts.experiment_id,
    scaled_lifts.treated_units,
    scaled_lifts.treated_buyers,
    scaled_lifts.treated_conversion_rate,
    scaled_lifts.holdout_units,
    scaled_lifts.holdout_buyers,
    scaled_lifts.holdout_conversion_rate,
    {{ rounded_ratio(
        '(scaled_lifts.treated_buyers * scaled_lifts.holdout_units'
        ~ ' - scaled_lifts.holdout_buyers * scaled_lifts.treated_units)',
        '(scaled_lifts.treated_units * scaled_lifts.holdout_units)'
    ) }} as incremental_conversion_rate,
    {{ newcombe_low(
        'scaled_lifts.treated_conversion_rate', 'scaled_lifts.treated_low', 'scaled_lifts.treated_high',
        'scaled_lifts.holdout_conversion_rate', 'scaled_lifts.holdout_low', 'scaled_lifts.holdout_high'
    ) }} as incremental_conversion_rate_low,
    {{ newcombe_high(
        'scaled_lifts.treated_conversion_rate', 'scaled_lifts.treated_low', 'scaled_lifts.treated_high',
        'scaled_lifts.holdout_conversion_rate', 'scaled_lifts.holdout_low', 'scaled_lifts.holdout_high'
    ) }} as incremental_conversion_rate_high,
    {{ rounded_ratio('scaled_lifts.scaled_orders', 'scaled_lifts.holdout_units') }} as incremental_orders,
    campaign_intervals.incremental_orders_low,
    campaign_intervals.incremental_orders_high,
    {{ mean_amount('scaled_lifts.scaled_revenue', 'scaled_lifts.holdout_units') }} as incremental_revenue,
    campaign_intervals.incremental_revenue_low,
    campaign_intervals.incremental_revenue_high
from scaled_lifts
left join campaign_intervals on campaign_intervals.campaign_id = scaled_lifts.campaign_id
