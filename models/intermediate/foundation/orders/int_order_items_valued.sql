with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

orders_converted as (
    select * from {{ ref('int_orders_converted') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_discounted') }}
),

lines_kept as (
    select * from {{ ref('int_order_lines_kept') }}
)

select
    order_lines.order_item_id,
    order_lines.order_id,
    order_lines.product_id,
    order_lines.quantity,
    lines_kept.returned_quantity,
    lines_kept.kept_quantity,
    order_lines.unit_price,
    order_lines.list_price,
    order_lines.gmv,
    order_lines.gross_amount,
    order_lines.item_discount_amount,
    order_lines.order_discount_amount,
    order_lines.net_revenue,
    lines_kept.goods_refund_amount,
    {{ money('order_lines.net_revenue - lines_kept.goods_refund_amount') }} as net_revenue_after_refunds,
    lines_kept.cost_amount,
    {{ money('order_lines.net_revenue - lines_kept.goods_refund_amount - lines_kept.cost_amount') }} as gross_margin,
    order_lines.is_item_discount_capped,
    orders_converted.order_date,
    stg_orders.ordered_at
from order_lines
inner join lines_kept on lines_kept.order_item_id = order_lines.order_item_id
inner join orders_converted on orders_converted.order_id = order_lines.order_id
inner join stg_orders on stg_orders.order_id = order_lines.order_id
