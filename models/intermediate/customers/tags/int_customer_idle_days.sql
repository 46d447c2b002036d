{%- set recent_days = 90 -%}
with

customers as (
    select * from {{ ref('int_customers') }}
),

visit_days as (
    select * from {{ ref('int_customer_visit_days') }}
),

cart_days as (
    select * from {{ ref('int_customer_cart_days') }}
),

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

recent_starts as (
    select
        customers.customer_id,
        customer_orders.last_order_date,
        cast({{ dbt.dateadd('day', -recent_days, 'run_period.as_of_date') }} as date) as before_date
    from customers
    cross join run_period
    left join customer_orders on customer_orders.customer_id = customers.customer_id
    where customers.is_known_customer
),

recent_visits as (
    select
        recent_starts.customer_id,
        cast(sum(visit_days.visits) as bigint) as visits
    from recent_starts
    inner join visit_days
        on visit_days.customer_id = recent_starts.customer_id
        and visit_days.visit_date > recent_starts.before_date
    where coalesce(recent_starts.last_order_date <= recent_starts.before_date, true)
    group by recent_starts.customer_id
),

-- A cart of the day of the last order belongs to it.
recent_carts as (
    select
        recent_starts.customer_id,
        count(*) as cart_days
    from recent_starts
    inner join cart_days
        on cart_days.customer_id = recent_starts.customer_id
        and cart_days.cart_date > recent_starts.before_date
    where coalesce(cart_days.cart_date > recent_starts.last_order_date, true)
    group by recent_starts.customer_id
)

select
    recent_starts.customer_id,
    coalesce(recent_visits.visits, 0) as idle_visits_90d,
    coalesce(recent_carts.cart_days, 0) as carts_left_90d
from recent_starts
left join recent_visits on recent_visits.customer_id = recent_starts.customer_id
left join recent_carts on recent_carts.customer_id = recent_starts.customer_id
