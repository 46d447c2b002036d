{%- set has_traffic -%}
    inputs_present.has_traffic and (channel_traffic.sessions > 0 or untold_periods.has_untold_visits is not true)
{%- endset -%}
{%- set has_events = has_traffic ~ ' and inputs_present.has_events' -%}
{%- set has_both = has_traffic ~ ' and inputs_present.has_orders' -%}
{%- set has_spend = 'inputs_present.has_marketing_spend' -%}
{%- set has_spend_and_orders = has_spend ~ ' and inputs_present.has_orders' -%}
{%- set has_orders -%}
    inputs_present.has_orders and (channel_sales.orders > 0 or untold_periods.has_untold_orders is not true)
{%- endset -%}
{%- set has_customers -%}
    inputs_present.has_orders
    and (acquisition_costs.new_customers > 0 or untold_periods.has_untold_customers is not true)
{%- endset -%}
with

channel_traffic as (select * from {{ ref('int_channel_traffic') }}),

channel_new_visitors as (select * from {{ ref('int_channel_new_visitors') }}),

channel_sales as (select * from {{ ref('int_channel_sales') }}),

channel_spending as (select * from {{ ref('int_channel_spending') }}),

channel_customers as (select * from {{ ref('int_channel_customers') }}),

acquisition_costs as (select * from {{ ref('int_acquisition_costs') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

untold_periods as (select * from {{ ref('int_untold_periods') }}),

-- A channel has a row if one of its inputs has one. New visitors come with the traffic; spend and new customers
-- come with the costs.
channel_periods as (
    select period, channel, month from channel_traffic
    union
    select period, channel, month from channel_sales
    union
    select period, acquisition_channel as channel, month from acquisition_costs
)

select
    channel_periods.period,
    channel_periods.channel,
    {{ zero_if_landed('channel_traffic.sessions', has_traffic) }} as sessions,
    {{ zero_if_landed('channel_traffic.visitors', has_traffic) }} as visitors,
    {{ zero_if_landed('channel_traffic.sessions_with_pages', has_traffic) }} as sessions_with_pages,
    {{ zero_if_landed('channel_traffic.bounces', has_events) }} as bounces,
    {{ zero_if_landed('channel_traffic.converting_sessions', has_both) }} as converting_sessions,
    {{ zero_if_landed('channel_traffic.sessions_on_common_days', has_both) }} as sessions_on_common_days,
    {{ zero_if_landed('channel_traffic.new_visitors', has_traffic) }} as new_visitors,
    {{ zero_if_landed('channel_new_visitors.matured_new_visitors', has_both) }} as matured_new_visitors,
    {{ zero_if_landed('channel_new_visitors.converted_new_visitors', has_both) }} as converted_new_visitors,
    {{ zero_if_landed('channel_sales.orders', has_orders) }} as orders,
    {{ money(zero_if_landed('channel_sales.net_revenue', has_orders)) }} as net_revenue,
    {{ money(zero_if_landed('acquisition_costs.spend', has_spend)) }} as spend,
    {{ zero_if_landed('channel_sales.orders_on_common_days', has_spend ~ ' and ' ~ has_orders) }}
    as orders_on_common_days,
    {{ money(zero_if_landed('channel_sales.net_revenue_on_common_days', has_spend ~ ' and ' ~ has_orders)) }}
    as net_revenue_on_common_days,
    {{ money(zero_if_landed('acquisition_costs.spend_on_common_days', has_spend_and_orders)) }} as spend_on_common_days,
    channel_spending.impressions,
    channel_spending.clicks,
    channel_spending.claimed_conversions,
    channel_spending.claimed_conversions_on_common_days,
    {{ zero_if_landed('acquisition_costs.new_customers', has_customers) }} as new_customers,
    {{ zero_if_landed('acquisition_costs.new_customers_on_common_days', has_spend ~ ' and ' ~ has_customers) }}
    as new_customers_on_common_days,
    acquisition_costs.cac,
    {{ money(zero_if_landed('acquisition_costs.unallocated_spend', has_spend_and_orders)) }} as unallocated_spend,
    {{ zero_if_landed('channel_customers.repurchase_customers', has_customers) }} as repurchase_customers,
    {{ zero_if_landed('channel_customers.repurchased_customers', has_customers) }} as repurchased_customers,
    {{ zero_if_landed('channel_customers.retention_customers', has_customers) }} as retention_customers,
    {{ zero_if_landed('channel_customers.retained_days', has_customers) }} as retained_days,
    channel_periods.month
from channel_periods
cross join inputs_present
left join untold_periods on untold_periods.period = channel_periods.period
left join channel_traffic
    on channel_traffic.period = channel_periods.period
    and channel_traffic.channel = channel_periods.channel
left join channel_new_visitors
    on channel_new_visitors.period = channel_periods.period
    and channel_new_visitors.channel = channel_periods.channel
left join channel_sales
    on channel_sales.period = channel_periods.period
    and channel_sales.channel = channel_periods.channel
left join channel_spending
    on channel_spending.period = channel_periods.period
    and channel_spending.channel = channel_periods.channel
left join channel_customers
    on channel_customers.period = channel_periods.period
    and channel_customers.acquisition_channel = channel_periods.channel
left join acquisition_costs
    on acquisition_costs.period = channel_periods.period
    and acquisition_costs.acquisition_channel = channel_periods.channel
