with

rfm_dates as (
    select * from {{ ref('int_rfm_dates') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

thresholds as (
    select * from {{ ref('int_churn_thresholds') }}
),

-- A cut-off tells something only when the days in which customers could come back are over.
past_cutoffs as (
    select
        rfm_dates.rfm_date as cutoff_date,
        row_number() over (order by rfm_dates.rfm_date desc) as recency_rank
    from rfm_dates
    cross join run_period
    cross join thresholds
    where
        rfm_dates.is_month_end
        and {{ days_between('rfm_dates.rfm_date', 'run_period.as_of_date') }} >= thresholds.churn_days
)

select
    past_cutoffs.cutoff_date,
    false as is_as_of
from past_cutoffs
cross join thresholds
where past_cutoffs.recency_rank <= thresholds.backtest_cutoffs
union all
select
    as_of_date as cutoff_date,
    true as is_as_of
from run_period
where as_of_date is not null
