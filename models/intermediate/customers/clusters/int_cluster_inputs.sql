with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

customer_discounts as (select * from {{ ref('int_customer_discounts') }}),

shopper_type_measures as (select * from {{ ref('int_shopper_type_measures') }})

-- A negative mean order value, such as after a wrong discount, counts as 0, because the logarithm needs 0 or more.
select
    customer_orders.customer_id,
    customer_orders.orders,
    customer_orders.days_since_last_order,
    greatest(customer_orders.aov, 0) as aov,
    customer_discounts.discounted_order_share,
    shopper_type_measures.sessions,
    shopper_type_measures.pages_per_session,
    shopper_type_measures.seconds_per_session,
    shopper_type_measures.categories_viewed
from customer_orders
left join customer_discounts on customer_discounts.customer_id = customer_orders.customer_id
left join shopper_type_measures on shopper_type_measures.person_id = customer_orders.customer_id
where
    customer_orders.orders > 0
    and customer_orders.is_known_customer
