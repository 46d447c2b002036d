with

kpi_daily as (select * from {{ ref('kpi_daily') }})

select date
from kpi_daily
