with

channel_facts as (select * from {{ ref('int_channel_facts') }}),

channel_values as (select * from {{ ref('int_channel_values') }}),

channel_paybacks as (select * from {{ ref('int_channel_paybacks') }})

select
    channel_facts.period,
    channel_facts.channel,
    channel_facts.sessions,
    channel_facts.visitors,
    channel_facts.sessions_with_pages,
    channel_facts.bounces,
    {{ rounded_ratio('channel_facts.bounces', 'channel_facts.sessions_with_pages') }} as bounce_rate,
    channel_facts.converting_sessions,
    channel_facts.sessions_on_common_days,
    {{ rounded_ratio('channel_facts.converting_sessions', 'channel_facts.sessions_on_common_days') }}
    as conversion_rate,
    channel_facts.new_visitors,
    channel_facts.matured_new_visitors,
    channel_facts.converted_new_visitors,
    {{ rounded_ratio(
        'channel_facts.converted_new_visitors', 'channel_facts.matured_new_visitors'
    ) }} as new_visitor_conversion_rate,
    channel_facts.orders,
    channel_facts.net_revenue,
    {{ mean_amount('channel_facts.net_revenue', 'channel_facts.orders') }} as aov,
    channel_facts.spend,
    channel_facts.impressions,
    channel_facts.clicks,
    channel_facts.orders_on_common_days,
    channel_facts.net_revenue_on_common_days,
    channel_facts.spend_on_common_days,
    {{ rounded_ratio('channel_facts.net_revenue_on_common_days', 'channel_facts.spend_on_common_days') }} as roas,
    channel_facts.new_customers,
    channel_facts.new_customers_on_common_days,
    channel_facts.cac,
    channel_facts.unallocated_spend,
    channel_facts.repurchase_customers,
    channel_facts.repurchased_customers,
    {{ rounded_ratio(
        'channel_facts.repurchased_customers', 'channel_facts.repurchase_customers'
    ) }} as repurchase_rate_90d,
    channel_facts.retention_customers,
    channel_facts.retained_days,
    {{ months_from_days('channel_facts.retained_days', 'channel_facts.retention_customers') }} as retention_months,
    channel_values.clv,
    channel_values.clv_from_acquisition,
    {{ clv_to_cac('channel_values', 'channel_facts.cac') }} as clv_to_cac,
    channel_paybacks.payback_months,
    channel_facts.claimed_conversions,
    channel_facts.claimed_conversions_on_common_days,
    {{ rounded_ratio(
        'channel_facts.claimed_conversions_on_common_days', 'channel_facts.orders_on_common_days'
    ) }} as claimed_to_own_ratio,
    channel_facts.month
from channel_facts
left join channel_values
    on channel_values.period = channel_facts.period
    and channel_values.acquisition_channel = channel_facts.channel
left join channel_paybacks
    on channel_paybacks.period = channel_facts.period
    and channel_paybacks.acquisition_channel = channel_facts.channel
