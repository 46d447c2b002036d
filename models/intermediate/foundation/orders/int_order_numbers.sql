with

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

-- Orders of the same moment are numbered by their id, renewals last.
numbered_orders as (
    select
        stg_orders.order_id,
        row_number() over (
            partition by order_customers.customer_id
            order by stg_orders.ordered_at, coalesce(stg_orders.is_renewal, false), stg_orders.order_id
        ) as order_number,
        lag(orders_converted.order_date) over (
            partition by order_customers.customer_id
            order by stg_orders.ordered_at, coalesce(stg_orders.is_renewal, false), stg_orders.order_id
        ) as previous_order_date
    from stg_orders
    inner join orders_converted on orders_converted.order_id = stg_orders.order_id
    inner join orders_validated on orders_validated.order_id = stg_orders.order_id
    inner join order_customers on order_customers.order_id = stg_orders.order_id
    where
        orders_validated.is_valid
        and order_customers.is_known_customer
)

select
    order_id,
    order_number,
    order_number = 1 as is_first_order,
    previous_order_date
from numbered_orders
