with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }})

select
    order_id as source_id,
    customer_id,
    'order' as entry_type,
    net_revenue as amount,
    is_known_customer,
    order_date as entry_date,
    order_date as known_date
from orders_valued
where is_valid

union all

-- A refund counts on its order's day, but is known only from its own day on.
select
    refunds_valued.refund_id as source_id,
    orders_valued.customer_id,
    'refund' as entry_type,
    -refunds_valued.goods_amount_at_order_rate as amount,
    orders_valued.is_known_customer,
    orders_valued.order_date as entry_date,
    greatest(refunds_valued.refund_date, orders_valued.order_date) as known_date
from refunds_valued
inner join orders_valued on orders_valued.order_id = refunds_valued.order_id
where orders_valued.is_valid

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
