-- Refunds restated at the order's rate add up to the refund amounts of their orders. Otherwise two reports of refunds
-- differ.
with

orders as (select * from {{ ref('orders') }}),

refunds as (select * from {{ ref('refunds') }}),

refund_totals as (
    select
        order_id,
        sum(goods_amount_at_order_rate) as goods_refund_amount,
        sum(other_amount_at_order_rate) as other_refund_amount
    from refunds
    where not is_credit_note
    group by order_id
)

select orders.order_id
from orders
left join refund_totals on refund_totals.order_id = orders.order_id
where
    orders.goods_refund_amount <> coalesce(refund_totals.goods_refund_amount, 0)
    or orders.other_refund_amount <> coalesce(refund_totals.other_refund_amount, 0)
