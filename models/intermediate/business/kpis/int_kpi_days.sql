with

stg_run_period as (select * from {{ ref('stg_run_period') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

marketing_spend_channels as (select * from {{ ref('int_marketing_spend_channels') }}),

-- A refund or spend may come before the first session or order, so the calendar begins with the earliest of them.
first_dates as (
    select first_date from stg_run_period
    union all
    select min(refund_date) as first_date from refunds_valued where is_counted
    union all
    select min(spend_date) as first_date from marketing_spend_channels
),

first_day as (
    select min(first_date) as first_date from first_dates
)

select {{ each_day('first_day.first_date', 'stg_run_period.as_of_date') }} as date
from first_day
cross join stg_run_period
