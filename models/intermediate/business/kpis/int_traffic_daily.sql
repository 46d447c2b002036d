with

sessions as (
    select * from {{ ref('int_sessions') }}
),

session_orders as (
    select * from {{ ref('int_session_orders') }}
)

select
    sessions.session_date as date,
    count(*) as sessions,
    count(*) filter (where session_orders.orders > 0) as converting_sessions
from sessions
left join session_orders on session_orders.session_id = sessions.session_id
where not sessions.is_bot
group by sessions.session_date
