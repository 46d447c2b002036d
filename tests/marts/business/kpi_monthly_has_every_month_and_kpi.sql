-- With a missing month, a change over two months would be reported as a change over one.
with

kpi_monthly as (select * from {{ ref('kpi_monthly') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

kpis as (select * from {{ ref('kpis') }}),

calendar_months as (
    select distinct {{ month_of('date') }} as month from kpi_daily
),

expected_rows as (
    select
        calendar_months.month,
        kpis.kpi
    from calendar_months
    cross join kpis
)

select
    coalesce(expected_rows.month, kpi_monthly.month) as month,
    coalesce(expected_rows.kpi, kpi_monthly.kpi) as kpi
from expected_rows
full outer join kpi_monthly
    on kpi_monthly.month = expected_rows.month
    and kpi_monthly.kpi = expected_rows.kpi
where expected_rows.kpi is null or kpi_monthly.kpi is null
