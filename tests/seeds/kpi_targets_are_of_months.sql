-- A target of a day within a month would meet no month and be silently left out.
with

kpi_targets as (
    select * from {{ ref('kpi_targets') }}
)

select *
from kpi_targets
where month is null or target is null or month <> {{ month_of('month') }}
