-- Events in no session, or in two, would make every conversion rate wrong.
with

stg_events as (select * from {{ ref('stg_events') }}),

event_sessions as (select * from {{ ref('int_event_sessions') }}),

int_sessions as (select * from {{ ref('int_sessions') }})

select
    stg_events.event_id,
    event_sessions.session_id
from stg_events
left join event_sessions on event_sessions.event_id = stg_events.event_id
left join int_sessions
    on int_sessions.session_id = event_sessions.session_id
    and int_sessions.visitor_id = stg_events.visitor_id
    and stg_events.occurred_at between int_sessions.started_at and int_sessions.ended_at
where int_sessions.session_id is null
