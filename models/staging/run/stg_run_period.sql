with

as_of_rules as (select * from {{ ref('as_of_rules') }}),

base_orders as (select * from {{ ref('base_orders') }}),

base_sessions as (select * from {{ ref('base_sessions') }}),

base_events as (select * from {{ ref('base_events') }}),

{{ landed_rows_by_date([
    ('orders', 'ordered_at', 'coalesce(customer_id, visitor_id, order_id)'),
    ('sessions', 'started_at', 'visitor_id'),
    ('events', 'occurred_at', 'visitor_id'),
]) }},

active_dates as (
    select
        active_date,
        {{ days_between('lag(active_date) over (order by active_date)', 'active_date') }} as silence_days
    from table_dates
    group by active_date
),

table_medians as (
    select
        table_name,
        median(landed_rows) as landed_rows,
        percentile_disc(0.5) within group (order by gap_days) as gap_days
    from table_dates
    group by table_name
),

measured_dates as (
    select
        table_dates.table_name,
        table_dates.active_date,
        table_dates.first_person,
        table_dates.last_person,
        active_dates.silence_days,
        table_dates.landed_rows / table_medians.landed_rows >= as_of_rules.min_day_share as is_busy,
        coalesce(table_dates.gap_days > as_of_rules.silence_gaps * table_medians.gap_days, true) as starts_stretch
    from table_dates
    inner join table_medians on table_medians.table_name = table_dates.table_name
    inner join active_dates on active_dates.active_date = table_dates.active_date
    cross join as_of_rules
),

-- A stretch of a table's activity ends at a silence of many usual gaps.
dates_with_stretches as (
    select
        table_name,
        active_date,
        first_person,
        last_person,
        is_busy,
        case when starts_stretch then silence_days else 0 end as silence_days,
        sum(case when starts_stretch then 1 else 0 end) over (
            partition by table_name order by active_date rows between unbounded preceding and current row
        ) as stretch
    from measured_dates
),

shop as (
    select count(*) as dates, min(active_date) as first_date, max(active_date) as last_date from active_dates
),

-- One wrong clock makes a short stretch of one person, or one that is far off.
credible_stretches as (
    select max(case when dates_with_stretches.is_busy then dates_with_stretches.active_date end) as last_date
    from dates_with_stretches
    cross join shop
    cross join as_of_rules
    group by dates_with_stretches.table_name, dates_with_stretches.stretch
    having
        min(dates_with_stretches.first_person) < max(dates_with_stretches.last_person)
        or (
            count(*) / max(shop.dates) >= max(as_of_rules.stray_day_share)
            and coalesce(max(dates_with_stretches.silence_days), 0) <= max(as_of_rules.long_silence_days)
        )
),

-- A shop without any activity has the earliest date, so that all its rows wait in quarantine.
period as (
    select
        {{ as_of_date("coalesce(max(credible_stretches.last_date), max(shop.last_date), cast('"
            ~ var("earliest_date", "1990-01-01") ~ "' as date))") }} as as_of_date,
        max(shop.first_date) as first_date
    from shop
    left join credible_stretches on credible_stretches.last_date <= shop.last_date
)

select
    as_of_date,
    least(first_date, as_of_date) as first_date,
    {{ local_to_utc("cast(" ~ dbt.dateadd('day', 1, 'as_of_date') ~ " as timestamp)") }} as as_of_end_at
from period
