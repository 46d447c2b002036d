-- A target dated within a month would match no month, and kpi_monthly would leave it out silently.
with

kpi_targets as (select * from {{ ref('kpi_targets') }})

select *
from kpi_targets
where month is null or target is null or month <> {{ month_of('month') }}
