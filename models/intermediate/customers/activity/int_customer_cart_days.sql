with

people_events as (
    select * from {{ ref('int_people_events') }}
)

select
    customer_id,
    count(*) as cart_events,
    event_date as cart_date,
    max(occurred_at) as last_cart_at
from people_events
where
    is_known_customer
    and is_cart_addition
group by customer_id, event_date
