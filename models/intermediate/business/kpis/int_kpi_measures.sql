with

kpi_facts_daily as (select * from {{ ref('int_kpi_facts_daily') }}),

kpi_periods as (select * from {{ ref('int_kpi_periods') }}),

period_sales as (select * from {{ ref('int_period_sales') }}),

-- Every measure is a sum of days except buyers: a customer who buys on two days is one buyer of the month.
period_sums as (
    select
        kpi_periods.month,
        kpi_periods.is_month,
        {%- for measure in kpi_measures() if measure not in ('buyers', 'net_revenue_less_spend') %}
        sum(kpi_facts_daily.{{ measure }}) as {{ measure }},
        {%- endfor %}
        sum(kpi_facts_daily.net_revenue_on_common_days) - sum(kpi_facts_daily.spend_on_common_days)
        as net_revenue_less_spend
    from kpi_periods
    inner join kpi_facts_daily on kpi_facts_daily.date between kpi_periods.first_date and kpi_periods.last_date
    group by kpi_periods.month, kpi_periods.is_month
)

{%- for measure in kpi_measures() %}
select
    month,
    is_month,
    '{{ measure }}' as measure,
    cast({{ measure }} as decimal(18, 2)) as amount
from {{ 'period_sales' if measure == 'buyers' else 'period_sums' }}
{{ "union all" if not loop.last }}
{%- endfor %}
