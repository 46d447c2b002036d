with

int_refunds as (select * from {{ ref('int_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

refund_amounts as (select * from {{ ref('int_refund_amounts') }}),

refund_kinds as (select * from {{ ref('int_refund_kinds') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

-- Running total of an order's refunds, each refund included; refunds of the same moment are ordered by their id.
accumulated_refunds as (
    select
        refunds_converted.refund_id,
        sum(refunds_converted.amount_at_order_rate) over (
            partition by refunds_converted.order_id
            order by int_refunds.refunded_at, int_refunds.refund_id
            rows between unbounded preceding and current row
        ) as refunded_so_far,
        row_number() over (
            partition by refunds_converted.order_id order by int_refunds.refunded_at, int_refunds.refund_id
        ) as refund_number
    from refunds_converted
    inner join int_refunds on int_refunds.refund_id = refunds_converted.refund_id
    where refunds_converted.order_id is not null
)

select
    int_refunds.refund_id,
    refunds_converted.order_id,
    int_refunds.order_item_id,
    refunds_converted.product_id,
    coalesce(order_customers.customer_id, customer_merges.customer_id, 'unknown') as customer_id,
    refund_kinds.line_type,
    int_refunds.reason,
    int_refunds.currency,
    int_refunds.quantity,
    refund_amounts.goods_amount,
    refund_amounts.other_amount,
    refund_amounts.goods_amount_at_order_rate,
    refund_amounts.other_amount_at_order_rate,
    coalesce(order_customers.customer_id, customer_merges.customer_id, 'unknown') <> 'unknown' as is_known_customer,
    coalesce(int_refunds.is_return, false) as is_return,
    coalesce(int_refunds.is_exchange, false) as is_exchange,
    refunds_converted.is_goods_return,
    int_refunds.is_refund_implied,
    refunds_converted.order_id is null as is_credit_note,
    -- Refunds of an invalid order do not count, because its revenue never counted.
    coalesce(orders_validated.is_valid, true) as is_counted,
    coalesce(int_refunds.refunded_at < stg_orders.ordered_at, false) as is_before_order,
    -- Refunds so far exceed the charge by more than one cent of rounding for each refund.
    coalesce(
        accumulated_refunds.refunded_so_far - 0.01 * accumulated_refunds.refund_number > coalesce(
            orders_converted.total_amount,
            order_charges.goods_charged + order_charges.other_charged
        ),
        false
    ) as is_above_paid,
    refunds_converted.refund_date,
    {{ month_of('refunds_converted.refund_date') }} as refund_month,
    orders_converted.order_date,
    int_refunds.requested_at,
    int_refunds.refunded_at
from int_refunds
inner join refunds_converted on refunds_converted.refund_id = int_refunds.refund_id
inner join refund_amounts on refund_amounts.refund_id = int_refunds.refund_id
left join refund_kinds on refund_kinds.refund_id = int_refunds.refund_id
left join stg_orders on stg_orders.order_id = refunds_converted.order_id
left join orders_converted on orders_converted.order_id = refunds_converted.order_id
left join order_charges on order_charges.order_id = refunds_converted.order_id
left join order_customers on order_customers.order_id = refunds_converted.order_id
left join orders_validated on orders_validated.order_id = refunds_converted.order_id
left join customer_merges on customer_merges.account_id = int_refunds.customer_id
left join accumulated_refunds on accumulated_refunds.refund_id = int_refunds.refund_id
-- Nothing is implied of an order that never counted.
where int_refunds.is_refund_implied is not true or orders_validated.is_valid
