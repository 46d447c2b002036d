{%- set max_hours = var('session_max_hours', 24) -%}
with

session_spans as (select * from {{ ref('int_session_spans') }}),

event_sessions as (select * from {{ ref('int_event_sessions') }}),

-- Events are read again only for sessions that are too long: every other session ends where its span ends.
pieces as (
    select
        event_sessions.session_id,
        session_spans.session_id as uncut_session_id,
        min(event_sessions.occurred_at) as first_event_at,
        max(event_sessions.occurred_at) as last_event_at
    from event_sessions
    inner join session_spans on session_spans.session_id = event_sessions.uncut_session_id
    where session_spans.is_too_long
    group by event_sessions.session_id, session_spans.session_id
),

-- A later piece starts with its first event. A session whose row alone is too long ends after session_max_hours.
bounds as (
    select
        coalesce(pieces.session_id, session_spans.session_id) as session_id,
        session_spans.session_id as uncut_session_id,
        session_spans.given_session_id,
        session_spans.visitor_id,
        session_spans.has_events,
        session_spans.is_derived,
        session_spans.is_too_long as is_cut,
        coalesce(pieces.session_id, session_spans.session_id) = session_spans.session_id as is_first_piece,
        case
            when pieces.session_id <> session_spans.session_id then pieces.first_event_at
            else session_spans.started_at
        end as started_at,
        case
            when pieces.session_id is not null then pieces.last_event_at
            when session_spans.is_too_long then {{ dbt.dateadd('hour', max_hours, 'session_spans.started_at') }}
            else session_spans.ended_at
        end as ended_at
    from session_spans
    left join pieces on pieces.uncut_session_id = session_spans.session_id
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
