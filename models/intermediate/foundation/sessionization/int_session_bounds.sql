{%- set max_hours = var('session_max_hours', 24) -%}
with

session_spans as (
    select * from {{ ref('int_session_spans') }}
),

session_activity as (
    select * from {{ ref('int_session_activity') }}
),

-- A piece after the first begins with its first event. Where only the tracker's word tells of a session that is too
-- long, it ends when the longest time is over.
bounds as (
    select
        coalesce(session_activity.session_id, session_spans.session_id) as session_id,
        session_spans.session_id as uncut_session_id,
        session_spans.given_session_id,
        session_spans.visitor_id,
        session_spans.has_events,
        session_spans.is_derived,
        session_spans.is_too_long as is_cut,
        coalesce(session_activity.session_id, session_spans.session_id) = session_spans.session_id as is_first_piece,
        case
            when session_activity.session_id <> session_spans.session_id then session_activity.first_event_at
            else session_spans.started_at
        end as started_at,
        case
            when session_spans.has_events then session_activity.last_event_at
            when session_spans.is_too_long then {{ dbt.dateadd('hour', max_hours, 'session_spans.started_at') }}
            else session_spans.ended_at
        end as ended_at
    from session_spans
    left join session_activity on session_activity.uncut_session_id = session_spans.session_id
)

select
    session_id,
    uncut_session_id,
    given_session_id,
    visitor_id,
    row_number() over (partition by visitor_id order by started_at, session_id) as visitor_session_number,
    has_events,
    is_derived,
    is_cut,
    is_first_piece,
    started_at,
    ended_at
from bounds
