-- How much revenue did campaigns add, and how much does last-touch attribution credit to them? Only campaigns with a
-- holdout can answer: added orders are those of the recipients less those of the holdout, scaled to the same size.
-- `claimed_to_added` above 1: last touch takes credit for orders that would have been placed anyway. Below 1: the
-- campaign had an effect on customers who did not click, or who ordered after the attribution window. `proven` is
-- false if the interval of the added revenue contains 0; then use a larger holdout next time. Margins use the margin
-- rate of the attributed orders. Attribution ends with its window, the holdout comparison with the end of the
-- experiment.
with

campaign_performance as (select * from {{ ref('campaign_performance') }}),

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
