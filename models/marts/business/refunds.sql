with

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

orders as (select * from {{ ref('orders') }}),

stg_products as (select * from {{ ref('stg_products') }})

select
    refunds_valued.refund_id,
    refunds_valued.order_id,
    refunds_valued.order_item_id,
    refunds_valued.product_id,
    refunds_valued.customer_id,
    refunds_valued.line_type,
    refunds_valued.reason,
    stg_products.product_name,
    stg_products.category,
    orders.channel,
    orders.sales_channel,
    refunds_valued.currency,
    refunds_valued.quantity,
    refunds_valued.goods_amount,
    refunds_valued.other_amount,
    {{ money('refunds_valued.goods_amount + refunds_valued.other_amount') }} as refund_amount,
    refunds_valued.goods_amount_at_order_rate,
    refunds_valued.other_amount_at_order_rate,
    refunds_valued.is_known_customer,
    refunds_valued.is_return,
    refunds_valued.is_exchange,
    refunds_valued.is_credit_note,
    refunds_valued.is_counted,
    refunds_valued.is_before_order,
    refunds_valued.is_above_paid,
    refunds_valued.is_refund_implied,
    refunds_valued.refund_date,
    refunds_valued.refund_month,
    refunds_valued.order_date,
    refunds_valued.requested_at,
    refunds_valued.refunded_at
from refunds_valued
left join orders on orders.order_id = refunds_valued.order_id
left join stg_products on stg_products.product_id = refunds_valued.product_id
