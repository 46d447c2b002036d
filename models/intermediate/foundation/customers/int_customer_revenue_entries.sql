with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

order_amounts as (select * from {{ ref('int_order_amounts') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

valid_orders as (
    select
        orders_converted.order_id,
        order_customers.customer_id,
        order_amounts.net_revenue,
        order_customers.is_known_customer,
        orders_converted.order_date
    from orders_converted
    inner join orders_validated on orders_validated.order_id = orders_converted.order_id
    inner join order_amounts on order_amounts.order_id = orders_converted.order_id
    inner join order_customers on order_customers.order_id = orders_converted.order_id
    where orders_validated.is_valid
)

select
    order_id as source_id,
    customer_id,
    'order' as entry_type,
    net_revenue as amount,
    is_known_customer,
    order_date as entry_date,
    order_date as known_date
from valid_orders

union all

-- A refund counts on its order's day, but is known only from its own day on.
select
    refunds_valued.refund_id as source_id,
    valid_orders.customer_id,
    'refund' as entry_type,
    -refunds_valued.goods_amount_at_order_rate as amount,
    valid_orders.is_known_customer,
    valid_orders.order_date as entry_date,
    greatest(refunds_valued.refund_date, valid_orders.order_date) as known_date
from refunds_valued
inner join valid_orders on valid_orders.order_id = refunds_valued.order_id

union all

-- A credit note names no order, so it counts on its own day.
select
    refund_id as source_id,
    customer_id,
    'credit_note' as entry_type,
    -goods_amount as amount,
    is_known_customer,
    refund_date as entry_date,
    refund_date as known_date
from refunds_valued
where order_id is null
