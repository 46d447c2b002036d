with

session_conversions as (select * from {{ ref('int_session_conversions') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

-- An order's own session, or the arrival that it goes on from, always counts, even with a second order in it, a late
-- clock, or a start before the window.
touches as (
    select order_id, session_id from session_conversions where order_id is not null
    union
    select order_sessions.order_id, int_sessions.arrival_session_id as session_id
    from order_sessions
    inner join int_sessions on int_sessions.session_id = order_sessions.session_id
)

select
    'order:' || touches.order_id as path_id,
    touches.session_id,
    touches.order_id,
    case when orders_valued.is_first_order then 'first' else 'repeat' end as order_type,
    orders_valued.order_month,
    orders_valued.ordered_at
from touches
inner join orders_valued on orders_valued.order_id = touches.order_id
where orders_valued.is_valid
