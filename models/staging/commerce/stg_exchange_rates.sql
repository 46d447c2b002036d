with

base_exchange_rates as (select * from {{ ref('base_exchange_rates') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_exchange_rates.rate_date,
    base_exchange_rates.currency,
    base_exchange_rates.rate
from base_exchange_rates
cross join stg_run_period
where
    base_exchange_rates.is_current
    and base_exchange_rates.rate_date <= stg_run_period.as_of_date
