{%- set has_traffic = 'inputs_present.has_traffic' -%}
{%- set has_orders = 'inputs_present.has_orders' -%}
{%- set has_refunds -%}
    refund_evidence.has_refunds and (inputs_present.has_orders or refunds_by_day.refunds is not null)
{%- endset -%}
{%- set has_both = has_traffic ~ ' and ' ~ has_orders -%}
with

kpi_days as (select * from {{ ref('int_kpi_days') }}),

sales_daily as (select * from {{ ref('int_sales_daily') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

refunds_by_day as (
    select
        refund_date as date,
        {{ money('sum(goods_amount + other_amount)') }} as refunds,
        {{ money('sum(goods_amount)') }} as goods_refunds
    from refunds_valued
    where is_counted
    group by refund_date
),

-- Statuses tell of refunds too, where none is landed. Without orders only credit notes count.
refund_evidence as (select count(*) > 0 as has_refunds from refunds_valued),

sessions_by_day as (
    select
        session_date as date,
        count(*) as sessions,
        count(*) filter (where orders > 0) as converting_sessions,
        count(orders) as sessions_on_common_days
    from int_sessions
    where not is_bot
    group by session_date
),

spend_by_day as (
    select spend_date as date, {{ money('sum(spend_amount)') }} as spend
    from marketing_spend_channels
    group by spend_date
)

-- A day on which nothing happened is 0; what the shop does not land, and what a rate may not count, is null.
select
    kpi_days.date,
    {%- for column in ['gmv', 'net_revenue', 'orders', 'buyers', 'new_buyers', 'unknown_orders'] %}
    {{ zero_if_landed('sales_daily.' ~ column, has_orders) }} as {{ column }},
    {%- endfor %}
    {{ zero_if_landed('sessions_by_day.sessions', has_traffic) }} as sessions,
    {{ zero_if_landed('sessions_by_day.converting_sessions', has_both) }} as converting_sessions,
    case
        when covered_days.is_orders_day
            then {{ zero_if_landed('sessions_by_day.sessions_on_common_days', has_both) }}
        else nullif(sessions_by_day.sessions_on_common_days, 0)
    end as sessions_on_common_days,
    {{ zero_if_landed('refunds_by_day.refunds', has_refunds) }} as refunds,
    {{ zero_if_landed('refunds_by_day.goods_refunds', has_refunds) }} as goods_refunds,
    {{ zero_if_landed('spend_by_day.spend', 'inputs_present.has_marketing_spend') }} as spend,
    case
        when covered_days.is_roi_day then {{ zero_if_landed('sales_daily.net_revenue', has_orders) }}
    end as net_revenue_on_common_days,
    case
        when covered_days.is_roi_spend_day
            then {{ zero_if_landed('spend_by_day.spend', 'inputs_present.has_marketing_spend') }}
    end as spend_on_common_days
from kpi_days
cross join inputs_present
cross join refund_evidence
left join covered_days on covered_days.date = kpi_days.date
left join sales_daily on sales_daily.date = kpi_days.date
left join refunds_by_day on refunds_by_day.date = kpi_days.date
left join sessions_by_day on sessions_by_day.date = kpi_days.date
left join spend_by_day on spend_by_day.date = kpi_days.date
