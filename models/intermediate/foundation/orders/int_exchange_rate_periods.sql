with

stg_exchange_rates as (
    select * from {{ ref('stg_exchange_rates') }}
),

foreign_rates as (
    select
        currency,
        rate_date as valid_from,
        lead(rate_date) over (partition by currency order by rate_date) as valid_before,
        rate
    from stg_exchange_rates
    where currency <> '{{ var("reporting_currency", "CNY") }}'
),

-- A day earlier than any event may lie: the earliest moment in UTC can belong to the local day before.
reporting_rate as (
    select
        '{{ var("reporting_currency", "CNY") }}' as currency,
        cast(
            {{ dbt.dateadd('day', -1, "cast('" ~ var('earliest_date', '1990-01-01') ~ "' as date)") }} as date
        ) as valid_from,
        cast(null as date) as valid_before,
        cast(1 as decimal(28, 12)) as rate
)

select
    currency,
    rate,
    valid_from,
    valid_before
from foreign_rates
union all
select
    currency,
    rate,
    valid_from,
    valid_before
from reporting_rate
