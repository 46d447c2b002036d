with

people_sessions as (select * from {{ ref('int_people_sessions') }}),

event_sessions as (select * from {{ ref('int_event_sessions') }}),

-- A login is a visit on its own day: a session that crosses midnight may have its login on the second day.
sessions_and_logins as (
    select customer_id, 1 as visits, duration_seconds, session_date as visit_date
    from people_sessions
    where is_known_customer
    union all
    select
        people_sessions.customer_id,
        0 as visits,
        cast(null as bigint) as duration_seconds,
        {{ local_date('event_sessions.occurred_at') }} as visit_date
    from event_sessions
    inner join people_sessions on people_sessions.session_id = event_sessions.session_id
    where
        event_sessions.event_type = 'login'
        and people_sessions.is_known_customer
)

select
    customer_id,
    cast(sum(visits) as bigint) as visits,
    cast(sum(duration_seconds) as bigint) as browsing_seconds,
    visit_date
from sessions_and_logins
group by customer_id, visit_date
