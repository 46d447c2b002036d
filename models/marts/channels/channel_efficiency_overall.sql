with

channel_ratios as (select * from {{ ref('int_channel_ratios') }})

select
    channel,
    sessions,
    visitors,
    sessions_with_pages,
    bounces,
    bounce_rate,
    converting_sessions,
    conversion_rate,
    new_visitors,
    matured_new_visitors,
    converted_new_visitors,
    new_visitor_conversion_rate,
    orders,
    net_revenue,
    aov,
    spend,
    impressions,
    clicks,
    roas,
    new_customers,
    cac,
    unallocated_spend,
    repurchase_customers,
    repurchased_customers,
    repurchase_rate_90d,
    retention_customers,
    retained_days,
    retention_months,
    clv,
    clv_from_acquisition,
    clv_to_cac,
    payback_months,
    claimed_conversions,
    claimed_to_own_ratio
from channel_ratios
where period = 'all'
