with

base_order_items as (select * from {{ ref('base_order_items') }}),

stg_orders as (select * from {{ ref('stg_orders') }})

select
    base_order_items.order_item_id,
    base_order_items.order_id,
    base_order_items.product_id,
    base_order_items.quantity,
    base_order_items.unit_price,
    base_order_items.discount_amount,
    base_order_items.unit_cost,
    base_order_items.line_type,
    base_order_items.parent_order_item_id,
    base_order_items.updated_at
from base_order_items
inner join stg_orders on stg_orders.order_id = base_order_items.order_id
where base_order_items.is_current
