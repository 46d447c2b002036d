{%- set window_days = var('funnel_window_days', 7) -%}
with

funnel_matches as (select * from {{ ref('int_funnel_matches') }}),

funnel_steps as (select * from {{ ref('funnel_steps') }}),

first_steps as (
    select funnel, min(step_number) as step_number from funnel_steps where is_required group by funnel
),

first_step_matches as (
    select
        funnel_matches.funnel,
        funnel_matches.visitor_id,
        funnel_matches.session_id,
        {{ seconds_between("cast('1970-01-01' as timestamp)", 'funnel_matches.matched_at') }} as matched_second,
        funnel_matches.matched_at
    from funnel_matches
    inner join first_steps
        on first_steps.funnel = funnel_matches.funnel
        and first_steps.step_number = funnel_matches.step_number
    where not funnel_matches.is_bot
),

openings as (
    select funnel, visitor_id, {{ spaced_moments('matched_second', window_days * 86400) }} as opened_seconds
    from first_step_matches
    group by funnel, visitor_id
),

opened_entries as (
    select funnel, visitor_id, {{ each_element('opened_seconds') }} as opened_second from openings
)

-- If two sessions begin in the second of the opening, the session with the smaller id opens the entry.
select
    opened_entries.funnel,
    opened_entries.visitor_id || '-' || cast(opened_entries.opened_second as {{ dbt.type_string() }}) as entry_id,
    opened_entries.visitor_id,
    min(first_step_matches.session_id) as session_id,
    {{ local_date('first_step_matches.matched_at') }} as opened_date,
    first_step_matches.matched_at as opened_at,
    {{ dbt.dateadd('hour', window_days * 24, 'first_step_matches.matched_at') }} as closes_at
from opened_entries
inner join first_step_matches
    on first_step_matches.funnel = opened_entries.funnel
    and first_step_matches.visitor_id = opened_entries.visitor_id
    and first_step_matches.matched_second = opened_entries.opened_second
group by
    opened_entries.funnel,
    opened_entries.visitor_id,
    opened_entries.opened_second,
    first_step_matches.matched_at
