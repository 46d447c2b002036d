{%- set has_traffic = 'inputs_present.has_traffic' -%}
{%- set has_orders = 'inputs_present.has_orders' -%}
{%- set has_both = has_traffic ~ ' and ' ~ has_orders -%}
with

kpi_days as (
    select * from {{ ref('int_kpi_days') }}
),

sales_daily as (
    select * from {{ ref('int_sales_daily') }}
),

refunds_daily as (
    select * from {{ ref('int_refunds_daily') }}
),

traffic_daily as (
    select * from {{ ref('int_traffic_daily') }}
),

spend_daily as (
    select * from {{ ref('int_spend_daily') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
)

-- A day on which nothing happened is 0; what the shop does not land is null.
select
    kpi_days.date,
    {%- for column in ['gmv', 'net_revenue', 'orders', 'buyers', 'new_buyers', 'unknown_orders'] %}
    {{ zero_if_landed('sales_daily.' ~ column, has_orders) }} as {{ column }},
    {%- endfor %}
    {{ zero_if_landed('traffic_daily.sessions', has_traffic) }} as sessions,
    {{ zero_if_landed('traffic_daily.converting_sessions', has_both) }} as converting_sessions,
    {{ zero_if_landed('refunds_daily.refunds', 'inputs_present.has_refunds') }} as refunds,
    {{ zero_if_landed('refunds_daily.goods_refunds', 'inputs_present.has_refunds') }} as goods_refunds,
    {{ zero_if_landed('spend_daily.spend', 'inputs_present.has_marketing_spend') }} as spend
from kpi_days
cross join inputs_present
left join sales_daily on sales_daily.date = kpi_days.date
left join refunds_daily on refunds_daily.date = kpi_days.date
left join traffic_daily on traffic_daily.date = kpi_days.date
left join spend_daily on spend_daily.date = kpi_days.date
