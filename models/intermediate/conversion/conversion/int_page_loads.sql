with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }})

select
    visit_events.event_id,
    visit_events.session_id,
    visit_events.device_type,
    visit_events.page_load_ms,
    coalesce(session_outcomes.last_order_at >= visit_events.occurred_at, false) as is_ordered,
    visit_events.is_last_view as is_exit,
    visit_events.session_month
from visit_events
inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
where visit_events.is_page_view and visit_events.page_load_ms >= 0
