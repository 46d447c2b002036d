{%- set comparisons = [('previous', -1, 'change'), ('year_ago', -12, 'year_change')] -%}
with

kpi_periods as (select * from {{ ref('int_kpi_periods') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

kpis as (select * from {{ ref('kpis') }}),

kpi_targets as (select * from {{ ref('kpi_targets') }}),

-- Values that a month may be compared with. The first month of the calendar is left out if it begins after its first
-- day.
comparable_values as (
    select
        kpi_values.month,
        kpi_values.is_month,
        kpi_values.kpi,
        kpi_values.value
    from kpi_values
    inner join kpi_periods
        on kpi_periods.month = kpi_values.month
        and kpi_periods.is_month = kpi_values.is_month
    where kpi_periods.is_whole_from_start
)

select
    kpi_values.kpi,
    kpis.label,
    kpis.label_zh,
    kpis.unit,
    kpis.display_order,
    kpi_values.numerator,
    kpi_values.denominator,
    kpi_values.value,
    {%- for name, _, change in comparisons %}
    {{ name }}.value as {{ name }},
    {{ rounded_ratio(
        '(kpi_values.value - ' ~ name ~ '.value)', 'case when ' ~ name ~ '.value > 0 then ' ~ name ~ '.value end'
    ) }} as {{ change }},
    {%- endfor %}
    cast(kpi_targets.target as double) as target,
    {{ days_between('months.first_date', 'months.last_date') }} + 1 as days,
    kpis.is_higher_better,
    months.is_complete,
    months.month
from kpi_periods as months
inner join kpi_values on kpi_values.month = months.month and kpi_values.is_month
inner join kpis on kpis.kpi = kpi_values.kpi
left join kpi_targets
    on kpi_targets.month = months.month
    and kpi_targets.kpi = kpi_values.kpi
-- is_month = is_complete: a month that is over is compared with whole months, the open month with their first days.
{%- for name, months_later, _ in comparisons %}
left join comparable_values as {{ name }}
    on {{ name }}.month = {{ month_plus('months.month', months_later) }}
    and {{ name }}.is_month = months.is_complete
    and {{ name }}.kpi = kpi_values.kpi
{%- endfor %}
where months.is_month
