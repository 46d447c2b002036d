-- A missing day shifts every moving average and week-on-week change.
with

kpi_daily as (select * from {{ ref('kpi_daily') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

days as (
    select
        min(date) as first_date,
        max(date) as last_date,
        count(*) as days
    from kpi_daily
)

select days.*, stg_run_period.as_of_date
from days
cross join stg_run_period
where
    days.days <> {{ days_between('days.first_date', 'days.last_date') }} + 1
    or days.last_date <> stg_run_period.as_of_date
    or days.first_date > stg_run_period.first_date
