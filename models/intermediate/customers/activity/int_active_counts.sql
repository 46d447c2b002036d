{%- set windows = {'daily': 1, 'weekly': 7, 'monthly': 30} -%}
with

active_days as (select * from {{ ref('int_active_days') }}),

kpi_days as (select * from {{ ref('int_kpi_days') }}),

-- A person counts from an active day until the window no longer contains it, or until the next active day. A running
-- sum of these starts (1) and ends (-1) replaces a distinct count for every window.
arrivals_and_departures as (
    {%- for window, days in windows.items() %}
    {%- set window_end = dbt.dateadd('day', days, 'active_date') %}
    select population, active_date as change_date, '{{ window }}' as active_window, 1 as change
    from active_days
    union all
    select
        population,
        cast(least({{ window_end }}, coalesce(next_active_date, {{ window_end }})) as date) as change_date,
        '{{ window }}' as active_window,
        -1 as change
    from active_days
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

daily_changes as (
    select
        population,
        change_date,
        {%- for window in windows %}
        sum(change) filter (where active_window = '{{ window }}') as {{ window }}{{ "," if not loop.last }}
        {%- endfor %}
    from arrivals_and_departures
    group by population, change_date
),

populations as (
    select 'visitors' as population
    union all
    select 'customers' as population
)

select
    populations.population,
    {%- for window in windows %}
    cast(coalesce(sum(daily_changes.{{ window }}) over (
        partition by populations.population order by kpi_days.date rows between unbounded preceding and current row
    ), 0) as bigint) as {{ window }}_active,
    {%- endfor %}
    kpi_days.date
from kpi_days
cross join populations
left join daily_changes
    on daily_changes.population = populations.population
    and daily_changes.change_date = kpi_days.date
