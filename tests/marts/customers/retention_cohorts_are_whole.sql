-- A missing month would look like the end of a cohort. Every cohort must have each age once, values up to the as-of
-- month, null after it, and running totals that end in the sum.
with

retention_cohorts as (select * from {{ ref('retention_cohorts') }}),

retention_cohorts_overall as (select * from {{ ref('retention_cohorts_overall') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

cohort_rows as (
    select cohort_month, acquisition_channel, activity_month, months_since, active_customers, net_revenue,
        cumulative_net_revenue
    from retention_cohorts
    union all
    select cohort_month, 'all' as acquisition_channel, activity_month, months_since, active_customers, net_revenue,
        cumulative_net_revenue
    from retention_cohorts_overall
),

cohorts as (
    select
        cohort_rows.cohort_month,
        cohort_rows.acquisition_channel,
        count(*) as cells,
        max(cohort_rows.months_since) as last_age,
        max(
            case
                when cohort_rows.activity_month = {{ month_of('stg_run_period.as_of_date') }}
                    then cohort_rows.cumulative_net_revenue
            end
        ) as last_total,
        sum(cohort_rows.net_revenue) as net_revenue,
        count(*) filter (
            where
                (cohort_rows.activity_month <= stg_run_period.as_of_date)
                <> (cohort_rows.active_customers is not null)
        ) as wrong_cells
    from cohort_rows
    cross join stg_run_period
    group by cohort_rows.cohort_month, cohort_rows.acquisition_channel
)

select *
from cohorts
where
    cells <> last_age + 1
    or wrong_cells > 0
    or last_total is distinct from net_revenue
