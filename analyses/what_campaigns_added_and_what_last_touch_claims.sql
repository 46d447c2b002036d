-- What did campaigns really add, and what does the last click claim? Only campaigns with a holdout can answer: the
-- orders of those who were written to, less those that as many of the held-out made. `claimed_to_added` above 1: the
-- last click takes credit for orders that would have come anyway; below 1: the campaign worked on people who never
-- clicked, or later than the clicks count. `proven` is false where the interval of what was added holds 0: then the
-- claim is all there is, and the next campaign needs a larger holdout. Margins are at the margin rate of the credited
-- orders, the best guess that there is for the others. The claim counts to the days of attribution, the holdout to the
-- end of its experiment.
with

campaign_performance as (
    select * from {{ ref('campaign_performance') }}
),

campaigns_with_holdout as (
    select
        campaign_id,
        campaign_name,
        cost,
        attributed_orders,
        attributed_revenue,
        roi as claimed_roi,
        incremental_orders,
        incremental_revenue,
        incremental_revenue_low,
        incremental_revenue_high,
        incremental_conversion_rate,
        incremental_conversion_rate_low,
        {{ rounded_ratio('attributed_margin', 'attributed_covered_revenue') }} as margin_rate
    from campaign_performance
    where incremental_revenue is not null
)

select
    campaign_id,
    campaign_name,
    cost,
    attributed_orders,
    incremental_orders,
    attributed_revenue,
    incremental_revenue,
    incremental_revenue_low,
    incremental_revenue_high,
    {{ rounded_ratio('attributed_revenue', 'incremental_revenue') }} as claimed_to_added,
    claimed_roi,
    round(
        (cast(incremental_revenue as double) * margin_rate - cast(cost as double)) / nullif(cast(cost as double), 0), 4
    ) as added_roi,
    incremental_conversion_rate_low > 0 and incremental_revenue_low > 0 as proven
from campaigns_with_holdout
order by incremental_revenue desc, campaign_id
