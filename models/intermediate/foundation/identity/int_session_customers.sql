with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

session_bounds as (select * from {{ ref('int_session_bounds') }}),

stg_events as (select * from {{ ref('stg_events') }}),

event_sessions as (select * from {{ ref('int_event_sessions') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

session_neighbours as (select * from {{ ref('int_session_neighbours') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

-- The customer of a session row is known from the start of the session, and in each of its pieces.
account_moments as (
    select session_bounds.session_id, stg_sessions.customer_id as account_id, session_bounds.started_at as identified_at
    from session_bounds
    inner join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
    where stg_sessions.customer_id is not null
    union all
    select event_sessions.session_id, stg_events.customer_id as account_id, stg_events.occurred_at as identified_at
    from event_sessions
    inner join stg_events on stg_events.event_id = event_sessions.event_id
    where stg_events.customer_id is not null
    union all
    select order_sessions.session_id, stg_orders.customer_id as account_id, stg_orders.ordered_at as identified_at
    from order_sessions
    inner join stg_orders on stg_orders.order_id = order_sessions.order_id
    where stg_orders.customer_id is not null
),

customer_moments as (
    select
        account_moments.session_id,
        customer_merges.customer_id,
        min(account_moments.identified_at) as identified_at
    from account_moments
    inner join customer_merges on customer_merges.account_id = account_moments.account_id
    group by account_moments.session_id, customer_merges.customer_id
),

-- Of two customers in one session the first counts; of two at the same moment, the smaller id.
first_customers as (
    select session_id, customer_id
    from customer_moments
    qualify row_number() over (partition by session_id order by identified_at, customer_id) = 1
)

select
    session_bounds.session_id,
    coalesce(first_customers.customer_id, session_neighbours.customer_id) as customer_id,
    first_customers.session_id is not null as is_identified
from session_bounds
left join first_customers on first_customers.session_id = session_bounds.session_id
left join session_neighbours on session_neighbours.session_id = session_bounds.session_id
where coalesce(first_customers.customer_id, session_neighbours.customer_id) is not null
