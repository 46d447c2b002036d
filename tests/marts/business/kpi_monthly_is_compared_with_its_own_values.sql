-- `previous` of a month that is over is the `value` of the month before. Another base would report changes that never
-- happened.
with

kpi_monthly as (select * from {{ ref('kpi_monthly') }}),

compared_values as (
    select
        kpi_monthly.month,
        kpi_monthly.kpi,
        kpi_monthly.previous,
        kpi_monthly.change,
        kpi_monthly.value,
        before.value as value_before
    from kpi_monthly
    left join kpi_monthly as before
        on before.kpi = kpi_monthly.kpi
        and before.month = {{ month_plus('kpi_monthly.month', -1) }}
    where kpi_monthly.is_complete
)

select *
from compared_values
where
    previous <> value_before
    or (previous > 0 and value is not null and change is null)
    or (change is not null and (previous is null or value is null or previous <= 0))
