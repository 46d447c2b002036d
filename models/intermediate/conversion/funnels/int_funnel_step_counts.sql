{%- set dimensions = ['channel', 'device_type', 'operating_system', 'visitor_type'] -%}
{%- set keys = ['date', 'funnel', 'scope', 'step_number'] + dimensions -%}
with

session_funnel_steps as (select * from {{ ref('int_session_funnel_steps') }}),

visitor_funnel_steps as (select * from {{ ref('int_visitor_funnel_steps') }}),

visitor_funnel_entries as (select * from {{ ref('int_visitor_funnel_entries') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

entry_steps as (
    select
        'session' as scope,
        session_funnel_steps.funnel,
        session_funnel_steps.session_id,
        session_funnel_steps.step_number,
        session_funnel_steps.seconds_from_previous,
        session_funnel_steps.is_reached,
        true as is_window_over,
        cast(null as date) as opened_date
    from session_funnel_steps
    union all
    select
        'visitor' as scope,
        visitor_funnel_entries.funnel,
        visitor_funnel_entries.session_id,
        visitor_funnel_steps.step_number,
        visitor_funnel_steps.seconds_from_previous,
        visitor_funnel_steps.is_reached,
        visitor_funnel_entries.closes_at < stg_run_period.as_of_end_at as is_window_over,
        visitor_funnel_entries.opened_date
    from visitor_funnel_steps
    inner join visitor_funnel_entries
        on visitor_funnel_entries.funnel = visitor_funnel_steps.funnel
        and visitor_funnel_entries.entry_id = visitor_funnel_steps.entry_id
    cross join stg_run_period
),

-- The dimensions of an entry are those of its session, in scope visitor of the session that opened it.
described_steps as (
    select
        entry_steps.scope,
        entry_steps.funnel,
        int_sessions.channel,
        coalesce(int_sessions.device_type, 'unknown') as device_type,
        coalesce(int_sessions.operating_system, 'unknown') as operating_system,
        case when int_sessions.is_new_visitor then 'new' else 'returning' end as visitor_type,
        entry_steps.step_number,
        entry_steps.seconds_from_previous,
        entry_steps.is_reached,
        entry_steps.is_window_over,
        coalesce(entry_steps.opened_date, int_sessions.session_date) as date
    from entry_steps
    inner join int_sessions on int_sessions.session_id = entry_steps.session_id
    where not int_sessions.is_bot
)

select
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    count(*) filter (where is_reached) as reached,
    count(*) filter (where is_reached and not is_window_over) as reached_in_open_windows,
    count(*) filter (where not is_reached) as reached_out_of_order,
    cast(median(seconds_from_previous) filter (where is_reached) as decimal(18, 1)) as median_seconds_from_previous
from described_steps
group by {{ keys | join(', ') }}
