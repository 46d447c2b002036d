with

stg_orders as (select * from {{ ref('stg_orders') }}),

shared_session_ids as (select * from {{ ref('int_shared_session_ids') }}),

session_bounds as (select * from {{ ref('int_session_bounds') }}),

event_sessions as (select * from {{ ref('int_event_sessions') }}),

-- A renewal is no act of a visit, whatever ids it carries from the first order.
placed_orders as (
    select order_id, session_id, visitor_id, ordered_at from stg_orders where not coalesce(is_renewal, false)
),

-- Of a cut session, the last piece started when the order was placed, else the first piece.
named_sessions as (
    select
        placed_orders.order_id,
        session_bounds.session_id,
        'session_id' as link_type,
        case when session_bounds.started_at <= placed_orders.ordered_at then 1 else 2 end as preference,
        abs({{ seconds_between('session_bounds.started_at', 'placed_orders.ordered_at') }}) as distance_seconds
    from placed_orders
    left join shared_session_ids
        on shared_session_ids.given_session_id = placed_orders.session_id
        and shared_session_ids.visitor_id = placed_orders.visitor_id
    inner join session_bounds
        on session_bounds.uncut_session_id = coalesce(shared_session_ids.session_id, placed_orders.session_id)
),

sessions_with_event as (
    select
        placed_orders.order_id,
        event_sessions.session_id,
        'event' as link_type,
        case when event_sessions.is_conversion then 1 else 2 end as preference,
        abs({{ seconds_between('event_sessions.occurred_at', 'placed_orders.ordered_at') }}) as distance_seconds
    from placed_orders
    inner join event_sessions on event_sessions.order_id = placed_orders.order_id
),

sessions_around as (
    select
        placed_orders.order_id,
        session_bounds.session_id,
        'time' as link_type,
        1 as preference,
        {{ seconds_between('session_bounds.started_at', 'placed_orders.ordered_at') }} as distance_seconds
    from placed_orders
    inner join session_bounds
        on session_bounds.visitor_id = placed_orders.visitor_id
        and session_bounds.started_at <= placed_orders.ordered_at
        and placed_orders.ordered_at <= {{ dbt.dateadd(
            'minute', var('session_timeout_minutes', 30), 'coalesce(session_bounds.ended_at, session_bounds.started_at)'
        ) }}
),

candidates as (
    select order_id, session_id, link_type, 1 as link_rank, preference, distance_seconds from named_sessions
    union all
    select order_id, session_id, link_type, 2 as link_rank, preference, distance_seconds from sessions_with_event
    union all
    select order_id, session_id, link_type, 3 as link_rank, preference, distance_seconds from sessions_around
),

ranked_candidates as (
    select
        order_id,
        session_id,
        link_type,
        row_number() over (
            partition by order_id order by link_rank, preference, distance_seconds, session_id
        ) as candidate_rank
    from candidates
)

select
    order_id,
    session_id,
    link_type
from ranked_candidates
where candidate_rank = 1
