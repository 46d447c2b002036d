with

int_customers as (select * from {{ ref('int_customers') }}),

customer_visit_days as (select * from {{ ref('int_customer_visit_days') }}),

customer_cart_days as (select * from {{ ref('int_customer_cart_days') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

tag_measure_rules as (select * from {{ ref('tag_measure_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

customer_days as (
    select
        int_customers.customer_id,
        customer_orders.last_order_date,
        cast({{ dbt.dateadd(
            'day', '-tag_measure_rules.recent_days', 'stg_run_period.as_of_date'
        ) }} as date) as before_date
    from int_customers
    cross join tag_measure_rules
    cross join stg_run_period
    left join customer_orders on customer_orders.customer_id = int_customers.customer_id
    where int_customers.is_known_customer
),

recent_visits as (
    select
        customer_days.customer_id,
        cast(sum(customer_visit_days.visits) as bigint) as visits
    from customer_days
    inner join customer_visit_days
        on customer_visit_days.customer_id = customer_days.customer_id
        and customer_visit_days.visit_date > customer_days.before_date
    where coalesce(customer_days.last_order_date <= customer_days.before_date, true)
    group by customer_days.customer_id
),

-- An addition to the cart on the day of the last order belongs to that order.
recent_carts as (
    select
        customer_days.customer_id,
        count(*) as cart_days
    from customer_days
    inner join customer_cart_days
        on customer_cart_days.customer_id = customer_days.customer_id
        and customer_cart_days.cart_date > customer_days.before_date
    where coalesce(customer_cart_days.cart_date > customer_days.last_order_date, true)
    group by customer_days.customer_id
)

select
    customer_days.customer_id,
    coalesce(recent_visits.visits, 0) as recent_idle_visits,
    coalesce(recent_carts.cart_days, 0) as recent_carts_left
from customer_days
left join recent_visits on recent_visits.customer_id = customer_days.customer_id
left join recent_carts on recent_carts.customer_id = customer_days.customer_id
