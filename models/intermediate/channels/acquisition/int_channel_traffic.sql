with

sessions as (
    select * from {{ ref('int_sessions') }}
),

session_orders as (
    select * from {{ ref('int_session_orders') }}
),

human_sessions as (
    select
        sessions.session_month as month,
        sessions.channel,
        sessions.visitor_id,
        sessions.is_new_visitor,
        sessions.is_bounce,
        coalesce(session_orders.orders, 0) > 0 as has_order
    from sessions
    left join session_orders on session_orders.session_id = sessions.session_id
    where not sessions.is_bot
)

select
    {{ period_of('month') }} as period,
    channel,
    count(*) as sessions,
    count(distinct visitor_id) as visitors,
    count(*) filter (where is_new_visitor) as new_visitors,
    count(*) filter (where is_bounce) as bounces,
    count(*) filter (where is_bounce is not null) as sessions_with_pages,
    count(*) filter (where has_order) as converting_sessions,
    month
from human_sessions
group by grouping sets ((month, channel), (channel))
