with

order_circumstances as (select * from {{ ref('int_order_circumstances') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

calendar_occasions as (select * from {{ ref('calendar_occasions') }}),

calendar_occasion_dates as (select * from {{ ref('calendar_occasion_dates') }}),

-- The observed period runs from the first valid order to the as-of date.
observed_period as (
    select
        min(order_circumstances.order_date) as first_date,
        min(stg_run_period.as_of_date) as last_date
    from order_circumstances
    cross join stg_run_period
),

observed_days as (
    select {{ each_day('first_date', 'last_date') }} as date
    from observed_period
    where first_date is not null
),

occasion_spans as (
    select
        calendar_occasion_dates.occasion,
        cast({{ dbt.dateadd(
            'day', '-calendar_occasions.days_before', 'calendar_occasion_dates.occasion_date'
        ) }} as date) as from_date,
        cast({{ dbt.dateadd(
            'day', 'calendar_occasions.days_after', 'calendar_occasion_dates.occasion_date'
        ) }} as date) as to_date,
        calendar_occasion_dates.occasion_date
    from calendar_occasion_dates
    inner join calendar_occasions on calendar_occasions.occasion = calendar_occasion_dates.occasion
)

select
    'month' as season_type,
    {{ month_text('date') }} as season,
    {{ month_of('date') }} as season_date,
    date
from observed_days
union all
select
    'occasion' as season_type,
    occasion_spans.occasion as season,
    occasion_spans.occasion_date as season_date,
    observed_days.date
from observed_days
inner join occasion_spans
    on observed_days.date between occasion_spans.from_date and occasion_spans.to_date
