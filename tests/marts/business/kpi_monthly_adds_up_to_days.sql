-- Every month is the sum of its days, so that the monthly and the daily report show the same revenue.
{%- set not_shown = [
    'buyers', 'converting_sessions', 'goods_refunds', 'net_revenue_less_spend', 'sessions_on_common_days',
    'spend_on_common_days',
] %}
{%- set sums = kpi_measures() | reject('in', not_shown) | list %}
with

kpi_monthly as (select * from {{ ref('kpi_monthly') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

month_totals as (
    {%- for measure in sums %}
    select {{ month_of('date') }} as month, '{{ measure }}' as kpi, sum({{ measure }}) as total
    from kpi_daily
    group by {{ month_of('date') }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    month_totals.month,
    month_totals.kpi,
    month_totals.total,
    kpi_monthly.numerator
from month_totals
left join kpi_monthly
    on kpi_monthly.month = month_totals.month
    and kpi_monthly.kpi = month_totals.kpi
where kpi_monthly.numerator is distinct from month_totals.total
