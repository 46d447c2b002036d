with

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

tag_measures as (
    select * from {{ ref('int_customer_tag_measures') }}
),

shopper_measures as (
    select * from {{ ref('int_shopper_measures') }}
),

discounts as (
    select
        customer_id,
        measured as discounted_order_share
    from tag_measures
    where measure = 'discounted_order_share'
)

-- A free order is 0 money; nobody's mean order is less.
select
    customer_orders.customer_id,
    customer_orders.orders,
    customer_orders.days_since_last_order,
    greatest(customer_orders.aov, 0) as aov,
    discounts.discounted_order_share,
    shopper_measures.sessions,
    shopper_measures.pages_per_session,
    shopper_measures.seconds_per_session,
    shopper_measures.categories_viewed
from customer_orders
left join discounts on discounts.customer_id = customer_orders.customer_id
left join shopper_measures on shopper_measures.person_id = customer_orders.customer_id
where
    customer_orders.orders > 0
    and customer_orders.customer_id <> 'unknown'
