with

stg_orders as (select * from {{ ref('stg_orders') }}),

order_payments as (select * from {{ ref('int_order_payments') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

-- Orders of gift cards, fees or tips alone. An order without any line is not one of them: its lines are not known.
orders_without_goods as (
    select order_id
    from order_line_roots
    group by order_id
    having max(case when line_type = 'goods' then 1 else 0 end) = 0
),

-- An order placed before anything of the three was landed cannot show that it is paid.
first_evidence as (
    select
        min(least(
            stg_orders.paid_at, order_payments.first_attempted_at,
            case when stg_orders.status is not null or stg_orders.is_status_unknown then stg_orders.ordered_at end
        )) as evidence_since
    from stg_orders
    left join order_payments on order_payments.order_id = stg_orders.order_id
),

-- What was landed about each order. Goods on invoice or paid on delivery are sold once they are sent.
orders_with_evidence as (
    select
        stg_orders.order_id,
        order_payments.payment_method,
        stg_orders.status,
        stg_orders.is_status_unknown,
        coalesce(stg_orders.is_test, false) as is_test,
        orders_without_goods.order_id is not null as is_without_goods,
        stg_orders.cancelled_at is not null
        and not coalesce(stg_orders.paid_at > stg_orders.cancelled_at, false)
        and not coalesce(stg_orders.completed_at > stg_orders.cancelled_at, false) as is_called_off,
        -- A cent for rounding. Amounts in several currencies, or in another than the order's, are not compared.
        case
            when order_payments.first_paid_at is null then false
            when order_payments.paid_currency = stg_orders.currency
                then order_payments.paid_amount + 0.01 < stg_orders.total_amount
        end as is_partly_paid,
        coalesce(stg_orders.total_amount = 0, false) or stg_orders.paid_at is not null as is_settled,
        order_payments.order_id is not null as has_payments,
        coalesce(stg_orders.payment_terms in ('on_delivery', 'invoice'), false) as is_paid_later,
        coalesce(stg_orders.status in ('shipped', 'completed', 'refunded'), false) as is_sent,
        first_evidence.evidence_since is null
        or coalesce(stg_orders.ordered_at < first_evidence.evidence_since, false) as is_before_evidence,
        coalesce(stg_orders.paid_at, order_payments.first_paid_at) as paid_at
    from stg_orders
    cross join first_evidence
    left join order_payments on order_payments.order_id = stg_orders.order_id
    left join orders_without_goods on orders_without_goods.order_id = stg_orders.order_id
),

-- The status decides where nothing was landed about the payment, for a deposit, and for goods that are paid later.
orders_with_reason as (
    select
        order_id,
        payment_method,
        case
            when is_test then 'test'
            when status = 'cancelled' or is_called_off then 'cancelled'
            when status = 'failed' then 'failed'
            when is_status_unknown then 'unknown_status'
            when not (
                is_settled
                or (paid_at is not null and not coalesce(is_partly_paid, false))
                or ((paid_at is not null or is_paid_later or not has_payments)
                    and (is_sent or (coalesce(status = 'paid', false) and not is_paid_later)))
                or (status is null and not has_payments and is_before_evidence)
            ) then 'unpaid'
            when is_without_goods then 'no_goods'
        end as invalid_reason,
        is_test,
        is_partly_paid,
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
    is_partly_paid,
    paid_at
from orders_with_reason
