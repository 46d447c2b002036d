with

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    '{{ var("reporting_currency", "CNY") }}' as reporting_currency,
    '{{ var("reporting_timezone", "Asia/Shanghai") }}' as reporting_timezone,
    first_date,
    as_of_date
from stg_run_period
