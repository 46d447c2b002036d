with

run_period as (
    select * from {{ ref('stg_run_period') }}
),

refunds_daily as (
    select * from {{ ref('int_refunds_daily') }}
),

spend_daily as (
    select * from {{ ref('int_spend_daily') }}
),

-- Money may move before the first visit or order: the calendar begins with whatever comes first.
first_dates as (
    select first_date from run_period
    union all
    select min(date) as first_date from refunds_daily
    union all
    select min(date) as first_date from spend_daily
),

first_day as (
    select min(first_date) as first_date from first_dates
)

select {{ each_day('first_day.first_date', 'run_period.as_of_date') }} as date
from first_day
cross join run_period
