with

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

session_visitors as (
    select
        stg_orders.order_id,
        stg_orders.session_id,
        coalesce(stg_orders.visitor_id, stg_sessions.visitor_id) as visitor_id
    from stg_orders
    left join stg_sessions on stg_sessions.session_id = stg_orders.session_id
),

orders_without_visitor as (
    select
        order_id,
        session_id
    from session_visitors
    where visitor_id is null
),

event_candidates as (
    select
        orders_without_visitor.order_id,
        stg_events.event_id,
        stg_events.visitor_id,
        stg_events.occurred_at,
        1 as link_rank
    from orders_without_visitor
    inner join stg_events on stg_events.order_id = orders_without_visitor.order_id
    union all
    select
        orders_without_visitor.order_id,
        stg_events.event_id,
        stg_events.visitor_id,
        stg_events.occurred_at,
        2 as link_rank
    from orders_without_visitor
    inner join stg_events on stg_events.session_id = orders_without_visitor.session_id
),

-- An event that names the order comes before one of its session; then the earliest event, then the smallest id.
ranked_event_candidates as (
    select
        order_id,
        visitor_id,
        row_number() over (partition by order_id order by link_rank, occurred_at, event_id) as candidate_rank
    from event_candidates
)

select
    session_visitors.order_id,
    coalesce(session_visitors.visitor_id, ranked_event_candidates.visitor_id) as visitor_id
from session_visitors
left join ranked_event_candidates
    on ranked_event_candidates.order_id = session_visitors.order_id
    and ranked_event_candidates.candidate_rank = 1
where coalesce(session_visitors.visitor_id, ranked_event_candidates.visitor_id) is not null
