{%- set max_hours = var('session_max_hours', 24) -%}
with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

shared_session_ids as (select * from {{ ref('int_shared_session_ids') }}),

derived_event_sessions as (select * from {{ ref('int_derived_event_sessions') }}),

-- Grouped by the given id first, so that events themselves need no join.
given_spans as (
    select session_id, visitor_id, min(occurred_at) as first_event_at, max(occurred_at) as last_event_at
    from stg_events
    where session_id is not null
    group by session_id, visitor_id
),

all_spans as (
    select
        coalesce(shared_session_ids.session_id, given_spans.session_id) as session_id,
        given_spans.visitor_id,
        false as is_derived,
        given_spans.first_event_at,
        given_spans.last_event_at
    from given_spans
    left join shared_session_ids
        on shared_session_ids.given_session_id = given_spans.session_id
        and shared_session_ids.visitor_id = given_spans.visitor_id
    union all
    select
        session_id, visitor_id, true as is_derived,
        min(occurred_at) as first_event_at, max(occurred_at) as last_event_at
    from derived_event_sessions
    group by session_id, visitor_id
),

event_spans as (
    select
        session_id,
        min(visitor_id) as visitor_id,
        bool_or(is_derived) as is_derived,
        min(first_event_at) as first_event_at,
        max(last_event_at) as last_event_at
    from all_spans
    group by session_id
),

session_rows as (
    select
        coalesce(shared_session_ids.session_id, stg_sessions.session_id) as session_id,
        stg_sessions.session_id as given_session_id,
        stg_sessions.visitor_id,
        stg_sessions.started_at,
        case when stg_sessions.ended_at >= stg_sessions.started_at then stg_sessions.ended_at end as ended_at
    from stg_sessions
    left join shared_session_ids
        on shared_session_ids.given_session_id = stg_sessions.session_id
        and shared_session_ids.visitor_id = stg_sessions.visitor_id
),

-- The given start holds unless an event came before it, or none came within session_max_hours.
spans as (
    select
        coalesce(event_spans.session_id, session_rows.session_id) as session_id,
        session_rows.given_session_id,
        coalesce(event_spans.visitor_id, session_rows.visitor_id) as visitor_id,
        event_spans.session_id is not null as has_events,
        coalesce(event_spans.is_derived, false) as is_derived,
        case
            when event_spans.first_event_at between session_rows.started_at
                and {{ dbt.dateadd('hour', max_hours, 'session_rows.started_at') }} then session_rows.started_at
            else coalesce(event_spans.first_event_at, session_rows.started_at)
        end as started_at,
        coalesce(event_spans.last_event_at, session_rows.ended_at) as ended_at
    from event_spans
    full outer join session_rows on session_rows.session_id = event_spans.session_id
)

select
    session_id,
    given_session_id,
    visitor_id,
    has_events,
    is_derived,
    coalesce({{ seconds_between('started_at', 'ended_at') }} > {{ max_hours * 3600 }}, false) as is_too_long,
    started_at,
    ended_at
from spans
