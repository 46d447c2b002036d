{%- set reporting_currency = var('reporting_currency', 'CNY') -%}
{%- set earliest_date = "cast('" ~ var('earliest_date', '1990-01-01') ~ "' as date)" -%}
with

stg_exchange_rates as (select * from {{ ref('stg_exchange_rates') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- The reporting currency begins one day before any event: the earliest moment in UTC can belong to the local day
-- before.
currency_rates as (
    select
        currency,
        rate,
        rate_date
    from stg_exchange_rates
    where currency <> '{{ reporting_currency }}'
    union all
    select
        '{{ reporting_currency }}' as currency,
        cast(1 as decimal(28, 12)) as rate,
        cast({{ dbt.dateadd('day', -1, earliest_date) }} as date) as rate_date
),

rate_periods as (
    select
        currency_rates.currency,
        currency_rates.rate,
        currency_rates.rate_date as valid_from,
        coalesce(
            cast({{ dbt.dateadd(
                'day', -1,
                'lead(currency_rates.rate_date) over ('
                ~ 'partition by currency_rates.currency order by currency_rates.rate_date)'
            ) }} as date),
            stg_run_period.as_of_date
        ) as valid_to
    from currency_rates
    cross join stg_run_period
)

-- One row for each day, so that conversions are equality joins, at the same cost for any number of rates.
select
    currency,
    rate,
    {{ each_day('valid_from', 'valid_to') }} as rate_date
from rate_periods
