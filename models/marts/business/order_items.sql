with

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

orders as (select * from {{ ref('orders') }}),

stg_products as (select * from {{ ref('stg_products') }})

select
    order_items_valued.order_item_id,
    order_items_valued.order_id,
    order_items_valued.product_id,
    orders.customer_id,
    orders.promotion_code,
    stg_products.product_name,
    stg_products.category,
    stg_products.subcategory,
    stg_products.brand,
    orders.channel,
    orders.sales_channel,
    orders.invalid_reason,
    orders.order_number,
    order_items_valued.quantity,
    order_items_valued.returned_quantity,
    order_items_valued.kept_quantity,
    order_items_valued.unit_price,
    order_items_valued.list_price,
    order_items_valued.gmv,
    order_items_valued.gross_amount,
    order_items_valued.item_discount_amount,
    order_items_valued.order_discount_amount,
    order_items_valued.net_revenue,
    order_items_valued.goods_refund_amount,
    order_items_valued.net_revenue_after_refunds,
    order_items_valued.cost_amount,
    order_items_valued.gross_margin,
    orders.is_placed,
    orders.is_valid,
    orders.is_first_order,
    order_items_valued.is_item_discount_capped,
    order_items_valued.order_date,
    orders.order_month,
    order_items_valued.ordered_at
from order_items_valued
inner join orders on orders.order_id = order_items_valued.order_id
left join stg_products on stg_products.product_id = order_items_valued.product_id
