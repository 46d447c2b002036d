with

exchange_rate_periods as (
    select * from {{ ref('int_exchange_rate_periods') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

bounded_periods as (
    select
        exchange_rate_periods.currency,
        exchange_rate_periods.rate,
        exchange_rate_periods.valid_from,
        coalesce(
            cast({{ dbt.dateadd('day', -1, 'exchange_rate_periods.valid_before') }} as date), run_period.as_of_date
        ) as valid_to
    from exchange_rate_periods
    cross join run_period
)

-- A row for each day, so that conversions are joins on equality and cost the same however many rates there are.
select
    currency,
    rate,
    {{ each_day('valid_from', 'valid_to') }} as rate_date
from bounded_periods
