{%- set backtest_days = 7 * var('clv_backtest_weeks', 26) -%}
with

stg_run_period as (select * from {{ ref('stg_run_period') }}),

cutoffs as (
    select
        365 as horizon_days,
        true as is_as_of,
        as_of_date as cutoff_date,
        as_of_date
    from stg_run_period
    union all
    select
        {{ backtest_days }} as horizon_days,
        false as is_as_of,
        cast({{ dbt.dateadd('day', -backtest_days, 'as_of_date') }} as date) as cutoff_date,
        as_of_date
    from stg_run_period
)

select
    cast(horizon_days as bigint) as horizon_days,
    cast({{ var('clv_min_repeat_customers', 100) }} as bigint) as min_repeat_customers,
    cast({{ var('clv_monthly_discount_rate', 0.01) }} as decimal(18, 6)) as monthly_discount_rate,
    is_as_of,
    cutoff_date,
    as_of_date
from cutoffs
where as_of_date is not null
