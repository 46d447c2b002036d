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
    customer_id is not null
    and event_type in ('add_to_cart', 'buy_now')
group by customer_id, event_date
