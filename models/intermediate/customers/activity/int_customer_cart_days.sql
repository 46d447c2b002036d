with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

people_sessions as (select * from {{ ref('int_people_sessions') }}),

cart_additions as (
    select
        people_sessions.customer_id,
        {{ local_date('event_sessions.occurred_at') }} as cart_date,
        event_sessions.occurred_at
    from event_sessions
    inner join people_sessions on people_sessions.session_id = event_sessions.session_id
    where
        event_sessions.is_cart_addition
        and people_sessions.is_known_customer
)

select
    customer_id,
    cart_date,
    max(occurred_at) as last_cart_at
from cart_additions
group by customer_id, cart_date
