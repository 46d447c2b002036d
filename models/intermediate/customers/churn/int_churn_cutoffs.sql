with

rfm_dates as (select * from {{ ref('int_rfm_dates') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

churn_definition as (select * from {{ ref('churn_definition') }}),

-- A past cut-off is usable only after its churn_days have passed, because customers may come back in that time.
past_cutoffs as (
    select
        rfm_dates.rfm_date as cutoff_date,
        row_number() over (order by rfm_dates.rfm_date desc) as recency_rank
    from rfm_dates
    cross join stg_run_period
    cross join churn_definition
    where
        rfm_dates.is_month_end
        and {{ days_between('rfm_dates.rfm_date', 'stg_run_period.as_of_date') }} >= churn_definition.churn_days
)

select
    false as is_as_of,
    past_cutoffs.cutoff_date
from past_cutoffs
cross join churn_definition
where past_cutoffs.recency_rank <= churn_definition.backtest_cutoffs
union all
select
    true as is_as_of,
    as_of_date as cutoff_date
from stg_run_period
where as_of_date is not null
