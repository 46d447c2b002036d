with

session_bounds as (
    select * from {{ ref('int_session_bounds') }}
),

session_activity as (
    select * from {{ ref('int_session_activity') }}
),

session_orders as (
    select * from {{ ref('int_session_orders') }}
),

-- An order of the session is an interaction and a conversion, whether the tracker saw it or not.
measured_sessions as (
    select
        session_bounds.session_id,
        session_activity.events,
        session_activity.page_views,
        session_activity.interactions,
        session_activity.is_goal_directed,
        {{ seconds_between('session_activity.first_event_at', 'session_activity.last_event_at') }} as duration_seconds,
        coalesce(session_activity.conversions, 0) + coalesce(session_orders.orders, 0) as conversions
    from session_bounds
    left join session_activity on session_activity.session_id = session_bounds.session_id
    left join session_orders on session_orders.session_id = session_bounds.session_id
)

select
    session_id,
    case
        when is_goal_directed then 'goal_directed'
        when not is_goal_directed then 'browsing'
    end as intent,
    events,
    page_views,
    interactions,
    duration_seconds,
    case when page_views is not null then page_views = 1 and interactions = 0 and conversions = 0 end as is_bounce,
    case
        when conversions > 0 then true
        else page_views >= 2 or duration_seconds >= 20
    end as is_engaged
from measured_sessions
