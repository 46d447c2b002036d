{%- set window_days = var('rfm_window_days', 365) -%}
with

stg_run_period as (select * from {{ ref('stg_run_period') }}),

run_days as (
    select
        as_of_date,
        {{ each_day('first_date', 'as_of_date') }} as rfm_date
    from stg_run_period
),

flagged_days as (
    select
        rfm_date,
        rfm_date = as_of_date as is_as_of,
        {{ month_of('rfm_date') }} <> {{ month_of(dbt.dateadd('day', 1, 'rfm_date')) }} as is_month_end
    from run_days
)

select
    rfm_date,
    cast({{ dbt.dateadd('day', 1 - window_days, 'rfm_date') }} as date) as window_start_date,
    is_as_of,
    is_month_end
from flagged_days
where is_as_of or is_month_end
