with

cohort_activity as (
    select * from {{ ref('int_cohort_activity') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- Everyone orders in the month that makes them a cohort.
cohorts as (
    select
        cohort_month,
        acquisition_channel,
        active_customers as cohort_customers
    from cohort_activity
    where months_since = 0
),

first_cohort as (
    select min(cohort_month) as first_month from cohorts
),

shop_days as (
    select
        first_cohort.first_month,
        {{ each_day('first_cohort.first_month', 'run_period.as_of_date') }} as shop_date
    from first_cohort
    cross join run_period
),

ages as (
    select distinct {{ calendar_months_between('first_month', 'shop_date') }} as months_since from shop_days
),

-- Every cohort has a cell for every age that the oldest has reached, whether its own time has come or not.
cells as (
    select
        cohorts.acquisition_channel,
        cohorts.cohort_customers,
        ages.months_since,
        cohorts.cohort_month,
        {{ month_plus('cohorts.cohort_month', 'ages.months_since') }} as activity_month
    from cohorts
    cross join ages
)

select
    cells.acquisition_channel,
    cells.months_since,
    cells.cohort_customers,
    cells.activity_month <= run_period.as_of_date as is_observed,
    {{ month_plus('cells.activity_month', 1) }} <= {{ dbt.dateadd('day', 1, 'run_period.as_of_date') }} as is_complete,
    cells.cohort_month,
    cells.activity_month
from cells
cross join run_period
