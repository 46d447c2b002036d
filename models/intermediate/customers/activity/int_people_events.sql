with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

people_sessions as (select * from {{ ref('int_people_sessions') }})

-- Keep only the event types that downstream models count, because most rows are page views.
select
    event_sessions.event_id,
    people_sessions.person_id,
    event_sessions.event_type,
    {{ local_date('event_sessions.occurred_at') }} as event_date
from event_sessions
inner join people_sessions on people_sessions.session_id = event_sessions.session_id
where event_sessions.event_type in ('login', 'add_to_wishlist', 'follow', 'share')
