with

people_sessions as (
    select * from {{ ref('int_people_sessions') }}
),

people_events as (
    select * from {{ ref('int_people_events') }}
),

-- A login is a visit on its own day: a session that crosses midnight may have its login on the second day.
visits as (
    select customer_id, 1 as visits, duration_seconds, session_date as visit_date
    from people_sessions
    where is_known_customer
    union all
    select customer_id, 0 as visits, cast(null as bigint) as duration_seconds, event_date as visit_date
    from people_events
    where is_known_customer and event_type = 'login'
)

select
    customer_id,
    cast(sum(visits) as bigint) as visits,
    cast(sum(duration_seconds) as bigint) as browsing_seconds,
    visit_date
from visits
group by customer_id, visit_date
