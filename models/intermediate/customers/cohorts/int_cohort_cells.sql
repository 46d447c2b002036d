with

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

cohorts as (
    select
        case when grouping(acquisition_channel) = 1 then 'all' else acquisition_channel end as acquisition_channel,
        count(*) as cohort_customers,
        acquisition_month as cohort_month
    from customer_acquisitions
    group by grouping sets ((acquisition_month, acquisition_channel), (acquisition_month))
),

first_cohort as (
    select min(cohort_month) as first_month from cohorts
),

shop_days as (
    select
        first_cohort.first_month,
        {{ each_day('first_cohort.first_month', 'stg_run_period.as_of_date') }} as shop_date
    from first_cohort
    cross join stg_run_period
),

ages as (
    select distinct {{ calendar_months_between('first_month', 'shop_date') }} as months_since from shop_days
),

-- Every cohort has a cell for every age that the oldest cohort has reached, also for months that have not begun.
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
    cells.activity_month <= stg_run_period.as_of_date as is_observed,
    {{ month_plus('cells.activity_month', 1) }}
    <= {{ dbt.dateadd('day', 1, 'stg_run_period.as_of_date') }} as is_complete,
    cells.cohort_month,
    cells.activity_month
from cells
cross join stg_run_period
