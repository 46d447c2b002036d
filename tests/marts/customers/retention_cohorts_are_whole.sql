-- A missing month would look like the end of a cohort. Every cohort must have each age once, values up to the as-of
-- month, null after it, and running totals that end in the sum.
with

retention_cohorts as (select * from {{ ref('retention_cohorts') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

cohorts as (
    select
        retention_cohorts.cohort_month,
        retention_cohorts.acquisition_channel,
        count(*) as cells,
        max(retention_cohorts.months_since) as last_age,
        max(
            case
                when retention_cohorts.activity_month = {{ month_of('stg_run_period.as_of_date') }}
                    then retention_cohorts.cumulative_net_revenue
            end
        ) as last_total,
        sum(retention_cohorts.net_revenue) as net_revenue,
        count(*) filter (
            where
                (retention_cohorts.activity_month <= stg_run_period.as_of_date)
                <> (retention_cohorts.active_customers is not null)
        ) as wrong_cells
    from retention_cohorts
    cross join stg_run_period
    group by retention_cohorts.cohort_month, retention_cohorts.acquisition_channel
)

select *
from cohorts
where
    cells <> last_age + 1
    or wrong_cells > 0
    or last_total is distinct from net_revenue
