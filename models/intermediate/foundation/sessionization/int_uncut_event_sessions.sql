{# A view: its rows are read twice, by narrow columns, and storing them would cost more than deriving them again. #}
{{ config(materialized='view') }}

with

stg_events as (
    select * from {{ ref('stg_events') }}
),

shared_session_ids as (
    select * from {{ ref('int_shared_session_ids') }}
),

derived_event_sessions as (
    select * from {{ ref('int_derived_event_sessions') }}
)

select
    stg_events.event_id,
    coalesce(shared_session_ids.session_id, stg_events.session_id) as session_id,
    stg_events.visitor_id,
    stg_events.event_type,
    false as is_derived,
    stg_events.occurred_at
from stg_events
left join shared_session_ids
    on shared_session_ids.given_session_id = stg_events.session_id
    and shared_session_ids.visitor_id = stg_events.visitor_id
where stg_events.session_id is not null
union all
select
    event_id,
    session_id,
    visitor_id,
    event_type,
    true as is_derived,
    occurred_at
from derived_event_sessions
