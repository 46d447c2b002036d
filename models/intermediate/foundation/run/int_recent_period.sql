with

stg_run_period as (select * from {{ ref('stg_run_period') }}),

stock_rules as (select * from {{ ref('stock_rules') }})

select
    greatest(
        cast({{ dbt.dateadd('day', '1 - stock_rules.recent_days', 'stg_run_period.as_of_date') }} as date),
        stg_run_period.first_date
    ) as first_date,
    stg_run_period.as_of_date as last_date
from stg_run_period
cross join stock_rules
