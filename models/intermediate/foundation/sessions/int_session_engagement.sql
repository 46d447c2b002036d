{%- set no_orders = 'case when covered_days.is_orders_day then 0 end' -%}
with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_activity as (select * from {{ ref('int_session_activity') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

order_amounts as (select * from {{ ref('int_order_amounts') }}),

session_rules as (select * from {{ ref('session_rules') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

session_orders as (
    select
        order_sessions.session_id,
        count(*) as orders,
        {{ money('sum(order_amounts.net_revenue)') }} as net_revenue
    from order_sessions
    inner join orders_validated on orders_validated.order_id = order_sessions.order_id
    inner join order_amounts on order_amounts.order_id = order_sessions.order_id
    where orders_validated.is_valid
    group by order_sessions.session_id
),

-- An order of the session is an interaction and a conversion, whether the tracker recorded it or not.
measured_sessions as (
    select
        session_bounds.session_id,
        session_activity.events,
        session_activity.page_views,
        session_activity.interactions,
        session_activity.is_product_landing
        or coalesce(session_activity.first_search_view_number <= session_rules.intent_page_views, false)
        as is_goal_directed,
        {{ seconds_between('session_activity.first_event_at', 'session_activity.last_event_at') }} as duration_seconds,
        coalesce(session_activity.conversions, 0) + coalesce(session_orders.orders, 0) as conversions,
        coalesce(session_orders.orders, {{ no_orders }}) as orders,
        coalesce(session_orders.net_revenue, {{ no_orders }}) as net_revenue,
        session_rules.engaged_page_views,
        session_rules.engaged_seconds
    from session_bounds
    cross join session_rules
    left join covered_days on covered_days.date = {{ local_date('session_bounds.started_at') }}
    left join session_activity on session_activity.session_id = session_bounds.session_id
    left join session_orders on session_orders.session_id = session_bounds.session_id
)

select
    session_id,
    case
        when is_goal_directed then 'goal_directed'
        when events is not null then 'browsing'
    end as intent,
    events,
    page_views,
    interactions,
    duration_seconds,
    orders,
    net_revenue,
    case when page_views is not null then page_views = 1 and interactions = 0 and conversions = 0 end as is_bounce,
    case
        when conversions > 0 then true
        else page_views >= engaged_page_views or duration_seconds >= engaged_seconds
    end as is_engaged
from measured_sessions
