with

kpi_days as (select * from {{ ref('int_kpi_days') }}),

calendar_months as (
    select
        {{ month_of('date') }} as month,
        min(date) as first_date,
        max(date) as last_date
    from kpi_days
    group by {{ month_of('date') }}
),

-- The first month may begin after its first day, and the last month may end before its last day.
month_spans as (
    select
        month,
        first_date,
        last_date,
        {{ days_between('month', 'last_date') }} + 1 as month_days,
        first_date = month as is_whole_from_start,
        {{ days_between('last_date', month_plus('month', 1)) }} = 1 as is_complete
    from calendar_months
),

-- A month that is not over is compared with the same number of first days of the month before and of the same month a
-- year before.
open_month as (
    select
        month,
        month_days
    from month_spans
    where not is_complete
),

compared_months as (
    select
        month_spans.month,
        month_spans.first_date,
        least(
            month_spans.last_date,
            cast({{ dbt.dateadd('day', 'open_month.month_days - 1', 'month_spans.month') }} as date)
        ) as last_date,
        month_spans.is_whole_from_start
    from month_spans
    inner join open_month
        on month_spans.month in ({{ month_plus('open_month.month', -1) }}, {{ month_plus('open_month.month', -12) }})
)

select
    month,
    true as is_month,
    is_whole_from_start,
    is_complete,
    first_date,
    last_date
from month_spans
union all
select
    month,
    false as is_month,
    is_whole_from_start,
    true as is_complete,
    first_date,
    last_date
from compared_months
