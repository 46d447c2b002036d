with

base_order_items as (select * from {{ ref('base_order_items') }}),

stg_orders as (select * from {{ ref('stg_orders') }})

-- A line below 0 has a price below 0, whichever of quantity and price was landed so: it is a discount of its order.
select
    base_order_items.order_item_id,
    base_order_items.order_id,
    base_order_items.product_id,
    abs(base_order_items.quantity) as quantity,
    case when (base_order_items.quantity < 0) <> (base_order_items.unit_price < 0) then -1 else 1 end
    * abs(base_order_items.unit_price) as unit_price,
    abs(base_order_items.discount_amount) as discount_amount,
    base_order_items.unit_cost,
    base_order_items.line_type,
    base_order_items.parent_order_item_id,
    base_order_items.updated_at
from base_order_items
inner join stg_orders on stg_orders.order_id = base_order_items.order_id
where base_order_items.is_current
