with

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_products as (select * from {{ ref('stg_products') }})

select
    order_lines_discounted.order_item_id,
    order_lines_discounted.order_id,
    order_lines_discounted.product_id,
    order_customers.customer_id,
    stg_products.category,
    order_customers.is_known_customer,
    orders_converted.order_date,
    stg_orders.ordered_at
from order_lines_discounted
inner join orders_validated on orders_validated.order_id = order_lines_discounted.order_id
inner join orders_converted on orders_converted.order_id = order_lines_discounted.order_id
inner join order_customers on order_customers.order_id = order_lines_discounted.order_id
inner join stg_orders on stg_orders.order_id = order_lines_discounted.order_id
left join stg_products on stg_products.product_id = order_lines_discounted.product_id
where
    orders_validated.is_valid
    and order_lines_discounted.product_id is not null
    and order_lines_discounted.quantity > 0
