{#
    CTEs, the last one `table_dates`: one row per table and local date on which it has rows, from the earliest date
    on, with the number of rows, rejected ones included, the smallest and greatest person, and the days since the
    table's date before.

    tables  lists of [table, timestamp, SQL of the person]; each is read from the CTE `base_<table>`.

    Two steps, because converting time zones is slow: millions of rows are reduced to minutes, then minutes to dates.
#}
{% macro landed_rows_by_date(tables) -%}
active_minutes as (
    {%- for table, moment, person in tables %}
    select
        '{{ table }}' as table_name,
        date_trunc('minute', {{ moment }}) as active_minute,
        count(*) as landed_rows,
        min({{ person }}) as first_person,
        max({{ person }}) as last_person
    from base_{{ table }}
    group by date_trunc('minute', {{ moment }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

local_minutes as (
    select *, {{ local_date('active_minute') }} as active_date from active_minutes
),

table_dates as (
    select
        table_name,
        active_date,
        sum(landed_rows) as landed_rows,
        min(first_person) as first_person,
        max(last_person) as last_person,
        {{ days_between('lag(active_date) over (partition by table_name order by active_date)', 'active_date') }}
            as gap_days
    from local_minutes
    where active_date >= cast('{{ var("earliest_date", "1990-01-01") }}' as date)
    group by table_name, active_date
)
{%- endmacro %}
