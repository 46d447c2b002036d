with

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

order_customers as (select * from {{ ref('int_order_customers') }}),

stg_products as (select * from {{ ref('stg_products') }})

select
    order_items_valued.order_item_id,
    order_items_valued.order_id,
    order_items_valued.product_id,
    order_customers.customer_id,
    stg_products.category,
    order_items_valued.quantity,
    order_items_valued.returned_quantity,
    order_items_valued.net_revenue,
    order_items_valued.net_revenue_after_refunds,
    order_items_valued.gross_margin,
    order_customers.is_known_customer,
    order_items_valued.quantity > 0 as is_sale,
    order_items_valued.order_date,
    order_items_valued.ordered_at
from order_items_valued
inner join orders_validated on orders_validated.order_id = order_items_valued.order_id
inner join order_customers on order_customers.order_id = order_items_valued.order_id
left join stg_products on stg_products.product_id = order_items_valued.product_id
where
    orders_validated.is_valid
    and order_items_valued.product_id is not null
