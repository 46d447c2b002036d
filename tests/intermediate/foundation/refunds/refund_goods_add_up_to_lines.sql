-- The goods of a refund are spread over lines of its order to the cent, except for an order without lines. A refund of
-- a gift card has no goods.
with

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

refund_lines as (select * from {{ ref('int_refund_lines') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

refund_totals as (
    select
        refund_id,
        sum(goods_refund_amount) as goods_refund_amount
    from refund_lines
    group by refund_id
)

select
    refunds_valued.refund_id,
    refunds_valued.goods_amount_at_order_rate,
    refund_totals.goods_refund_amount
from refunds_valued
inner join orders_valued on orders_valued.order_id = refunds_valued.order_id
left join refund_totals on refund_totals.refund_id = refunds_valued.refund_id
where
    orders_valued.revenue_basis = 'items'
    and coalesce(refund_totals.goods_refund_amount, 0) is distinct from refunds_valued.goods_amount_at_order_rate
