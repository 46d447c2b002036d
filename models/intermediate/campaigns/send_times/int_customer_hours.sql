with

people_sessions as (select * from {{ ref('int_people_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

messages_classified as (select * from {{ ref('int_messages_classified') }}),

-- The hour of a renewal is that of the shop's program.
moments as (
    select
        customer_id, 1 as sessions, 0 as orders, 0 as delivered, 0 as opened,
        {{ local_hour('started_at') }} as local_hour
    from people_sessions
    where is_known_customer
    union all
    select
        customer_id, 0 as sessions, 1 as orders, 0 as delivered, 0 as opened,
        {{ local_hour('ordered_at') }} as local_hour
    from orders_valued
    where is_valid and not is_renewal and is_known_customer
    union all
    select
        customer_id, 0 as sessions, 0 as orders, 1 as delivered, case when is_opened then 1 else 0 end as opened,
        {{ local_hour('sent_at') }} as local_hour
    from messages_classified
    where is_delivered
)

select
    customer_id,
    cast(local_hour as bigint) as local_hour,
    cast(sum(sessions) as bigint) as sessions,
    cast(sum(orders) as bigint) as orders,
    cast(sum(delivered) as bigint) as delivered,
    cast(sum(opened) as bigint) as opened
from moments
group by customer_id, local_hour
