-- Lines add up to their orders, so that a report by product and a report by order show the same amounts.
with

orders as (select * from {{ ref('orders') }}),

order_items as (select * from {{ ref('order_items') }}),

item_totals as (
    select
        order_id,
        count(*) filter (where is_sold_goods) as items,
        sum(quantity) as units,
        sum(gmv) as gmv,
        sum(item_discount_amount) as item_discount_amount,
        sum(order_discount_amount) as order_discount_amount,
        sum(net_revenue) as net_revenue,
        sum(goods_refund_amount) as goods_refund_amount,
        sum(net_revenue_after_refunds) as net_revenue_after_refunds,
        case when count(*) = count(gross_margin) then sum(gross_margin) end as gross_margin,
        sum(other_charges_amount) as other_charges_amount
    from order_items
    group by order_id
)

select
    orders.order_id,
    orders.net_revenue,
    item_totals.net_revenue as items_net_revenue
from orders
full join item_totals on item_totals.order_id = orders.order_id
where
    (orders.revenue_basis = 'items' or item_totals.items > 0)
    and (
        item_totals.items is distinct from orders.items
        or item_totals.units is distinct from orders.units
        or item_totals.gmv is distinct from orders.gmv
        or item_totals.item_discount_amount is distinct from orders.item_discount_amount
        or item_totals.order_discount_amount is distinct from orders.order_discount_amount
        or item_totals.net_revenue is distinct from orders.net_revenue
        or item_totals.goods_refund_amount is distinct from orders.goods_refund_amount
        or item_totals.net_revenue_after_refunds is distinct from orders.net_revenue_after_refunds
        or item_totals.gross_margin is distinct from orders.gross_margin
        or item_totals.other_charges_amount > orders.other_charges_amount
    )
