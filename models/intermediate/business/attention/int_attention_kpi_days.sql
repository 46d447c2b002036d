{%- set measures = kpi_measures() | reject('in', ['buyers', 'net_revenue_less_spend']) | list -%}
with

kpi_facts_daily as (select * from {{ ref('int_kpi_facts_daily') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

kpis as (select * from {{ ref('kpis') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

measures as (
    {%- for measure in measures %}
    select date, net_revenue, '{{ measure }}' as measure, cast({{ measure }} as decimal(18, 2)) as amount
    from kpi_facts_daily
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

-- A day of an outage is no day without sales or visits.
select
    attention_rules.rule,
    kpis.kpi as subject,
    kpis.label,
    kpis.label_zh,
    kpis.unit,
    numerators.amount as numerator,
    denominators.amount as denominator,
    coalesce(numerators.net_revenue, 0) as revenue,
    kpis.denominator is not null as is_ratio,
    kpis.is_higher_better,
    numerators.date
from attention_rules
inner join kpis on kpis.kpi = attention_rules.watches
inner join measures as numerators on numerators.measure = kpis.numerator
left join measures as denominators
    on denominators.measure = kpis.denominator
    and denominators.date = numerators.date
left join covered_days on covered_days.date = numerators.date
where
    attention_rules.kind = 'kpi_moved'
    and kpis.is_higher_better is not null
    and numerators.amount is not null
    and (kpis.numerator <> 'sessions' or covered_days.is_traffic_outage is not true)
    and (kpis.numerator = 'sessions' or covered_days.is_orders_outage is not true)
