with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

funnel_event_steps as (select * from {{ ref('int_funnel_event_steps') }}),

funnel_steps as (select * from {{ ref('funnel_steps') }}),

session_details as (select * from {{ ref('int_session_details') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

session_facts as (
    select 'session_started' as fact, session_id, started_at as happened_at from session_details
    union all
    select 'order_placed' as fact, order_sessions.session_id, stg_orders.ordered_at as happened_at
    from order_sessions
    inner join stg_orders on stg_orders.order_id = order_sessions.order_id
    inner join orders_validated on orders_validated.order_id = order_sessions.order_id
    where orders_validated.is_placed
    union all
    select 'order_paid' as fact, order_sessions.session_id, orders_validated.paid_at as happened_at
    from order_sessions
    inner join orders_validated on orders_validated.order_id = order_sessions.order_id
    where orders_validated.is_placed and orders_validated.paid_at is not null
),

-- A server also reports renewals, which are no step of a visit.
step_moments as (
    select
        funnel_event_steps.funnel,
        funnel_event_steps.step_number,
        event_sessions.session_id,
        event_sessions.occurred_at as happened_at
    from event_sessions
    inner join funnel_event_steps
        on funnel_event_steps.event_type = event_sessions.event_type
        and funnel_event_steps.page_type = coalesce(event_sessions.page_type, '')
    left join stg_orders on stg_orders.order_id = event_sessions.order_id
    where not event_sessions.is_repeated_view and not coalesce(stg_orders.is_renewal, false)
    union all
    select
        funnel_steps.funnel,
        funnel_steps.step_number,
        session_facts.session_id,
        session_facts.happened_at
    from session_facts
    inner join funnel_steps on funnel_steps.fact = session_facts.fact
)

-- Whole seconds: matches within one second count as simultaneous, in step order.
select
    step_moments.funnel,
    step_moments.step_number,
    step_moments.session_id,
    session_details.visitor_id,
    session_details.is_bot,
    date_trunc('second', step_moments.happened_at) as matched_at
from step_moments
inner join session_details on session_details.session_id = step_moments.session_id
