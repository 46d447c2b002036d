{%- set has_traffic = 'inputs_present.has_traffic' -%}
{%- set has_orders = 'inputs_present.has_orders' -%}
{%- set has_both = has_traffic ~ ' and ' ~ has_orders -%}
{%- set has_spend = 'inputs_present.has_marketing_spend' -%}
with

traffic as (
    select * from {{ ref('int_channel_traffic') }}
),

new_visitors as (
    select * from {{ ref('int_channel_new_visitors') }}
),

sales as (
    select * from {{ ref('int_channel_sales') }}
),

spending as (
    select * from {{ ref('int_channel_spending') }}
),

customers as (
    select * from {{ ref('int_channel_customers') }}
),

costs as (
    select * from {{ ref('int_acquisition_costs') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

-- A channel is a row wherever one of its sides has something to tell; who is a new visitor is in the traffic too.
channel_periods as (
    select period, channel, month from traffic
    union
    select period, channel, month from sales
    union
    select period, channel, month from costs
)

select
    channel_periods.period,
    channel_periods.channel,
    {{ zero_if_landed('traffic.sessions', has_traffic) }} as sessions,
    {{ zero_if_landed('traffic.visitors', has_traffic) }} as visitors,
    {{ zero_if_landed('traffic.sessions_with_pages', has_traffic) }} as sessions_with_pages,
    {{ zero_if_landed('traffic.bounces', has_traffic) }} as bounces,
    {{ zero_if_landed('traffic.converting_sessions', has_both) }} as converting_sessions,
    {{ zero_if_landed('traffic.new_visitors', has_traffic) }} as new_visitors,
    {{ zero_if_landed('new_visitors.matured_new_visitors', has_both) }} as matured_new_visitors,
    {{ zero_if_landed('new_visitors.converted_new_visitors', has_both) }} as converted_new_visitors,
    {{ zero_if_landed('sales.orders', has_orders) }} as orders,
    {{ money(zero_if_landed('sales.net_revenue', has_orders)) }} as net_revenue,
    {{ money(zero_if_landed('costs.spend', has_spend)) }} as spend,
    spending.impressions,
    spending.clicks,
    spending.claimed_conversions,
    {{ zero_if_landed('costs.new_customers', has_orders) }} as new_customers,
    costs.cac,
    {{ money(zero_if_landed('costs.unallocated_spend', has_spend)) }} as unallocated_spend,
    {{ zero_if_landed('customers.repurchase_customers', has_orders) }} as repurchase_customers,
    {{ zero_if_landed('customers.repurchased_customers', has_orders) }} as repurchased_customers,
    {{ zero_if_landed('customers.retention_customers', has_orders) }} as retention_customers,
    {{ zero_if_landed('customers.retained_days', has_orders) }} as retained_days,
    channel_periods.month
from channel_periods
cross join inputs_present
{%- for side in ['traffic', 'new_visitors', 'sales', 'spending', 'customers', 'costs'] %}
left join {{ side }}
    on {{ side }}.period = channel_periods.period
    and {{ side }}.channel = channel_periods.channel
{%- endfor %}
