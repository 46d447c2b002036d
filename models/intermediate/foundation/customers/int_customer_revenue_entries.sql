with

valid_orders as (
    select * from {{ ref('int_orders_valued') }} where is_valid
),

refunds_valued as (
    select * from {{ ref('int_refunds_valued') }}
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

-- A refund belongs to its order's day, but nobody knows of it before it happens.
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

-- A credit note names no order: it counts on its own day.
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
