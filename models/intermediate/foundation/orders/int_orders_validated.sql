with

stg_orders as (select * from {{ ref('stg_orders') }}),

order_payments as (select * from {{ ref('int_order_payments') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

-- Orders of gift cards, fees or tips alone. An order without any line is not one of them: its lines are not known.
orders_without_goods as (
    select order_id
    from order_line_roots
    group by order_id
    having max(case when line_type = 'goods' then 1 else 0 end) = 0
),

-- The evidence of payment depends on what the shop lands: payments, else the status, else the order itself.
orders_with_evidence as (
    select
        stg_orders.order_id,
        order_payments.payment_method,
        stg_orders.status,
        coalesce(stg_orders.is_test, false) as is_test,
        orders_without_goods.order_id is not null as is_without_goods,
        case
            when inputs_present.has_payments or inputs_present.has_paid_at
                then stg_orders.paid_at is not null or order_payments.order_id is not null
            when inputs_present.has_order_status
                then coalesce(stg_orders.status in ('paid', 'shipped', 'completed', 'refunded'), false)
            else true
        end as is_paid,
        coalesce(stg_orders.paid_at, order_payments.first_paid_at) as paid_at
    from stg_orders
    cross join inputs_present
    left join order_payments on order_payments.order_id = stg_orders.order_id
    left join orders_without_goods on orders_without_goods.order_id = stg_orders.order_id
),

orders_with_reason as (
    select
        order_id,
        payment_method,
        case
            when is_test then 'test'
            when status = 'cancelled' then 'cancelled'
            when status = 'failed' then 'failed'
            when not is_paid then 'unpaid'
            when is_without_goods then 'no_goods'
        end as invalid_reason,
        is_test,
        paid_at
    from orders_with_evidence
)

select
    order_id,
    payment_method,
    invalid_reason,
    is_test,
    not is_test as is_placed,
    invalid_reason is null as is_valid,
    paid_at
from orders_with_reason
