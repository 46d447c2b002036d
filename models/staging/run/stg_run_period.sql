with

base_orders as (select * from {{ ref('base_orders') }}),

base_sessions as (select * from {{ ref('base_sessions') }}),

base_events as (select * from {{ ref('base_events') }}),

-- Two steps, because converting time zones is slow: millions of rows are reduced to minutes, then minutes to dates.
active_minutes as (
    select date_trunc('minute', ordered_at) as active_minute from base_orders
    union
    select date_trunc('minute', started_at) as active_minute from base_sessions
    union
    select date_trunc('minute', occurred_at) as active_minute from base_events
),

active_dates as (
    select distinct {{ local_date('active_minute') }} as active_date from active_minutes
),

plausible_dates as (
    select
        active_date,
        row_number() over (order by active_date) as date_number,
        count(*) over () as dates,
        lag(active_date) over (order by active_date) as previous_date
    from active_dates
    where active_date >= cast('{{ var("earliest_date", "1990-01-01") }}' as date)
),

-- Upwards from the median date, the first silence longer than the var ends the period: dates beyond it come from wrong
-- clocks.
dates_with_silences as (
    select
        active_date,
        sum(
            case
                when 2 * date_number > dates + 1
                    and {{ days_between('previous_date', 'active_date') }} > {{ var('max_silence_days', 90) }}
                    then 1
                else 0
            end
        ) over (order by active_date rows between unbounded preceding and current row) as silences
    from plausible_dates
),

-- A shop without any activity has the earliest date, so that all its rows wait in quarantine.
period as (
    select
        coalesce(
            {{ as_of_date("max(active_date) filter (where silences = 0)") }},
            cast('{{ var("earliest_date", "1990-01-01") }}' as date)
        ) as as_of_date,
        min(active_date) as first_date
    from dates_with_silences
)

select
    as_of_date,
    least(first_date, as_of_date) as first_date,
    {{ local_to_utc("cast(" ~ dbt.dateadd('day', 1, 'as_of_date') ~ " as timestamp)") }} as as_of_end_at
from period
