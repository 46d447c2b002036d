-- Net revenue = gross amount less discounts, for orders and their lines. Every report of revenue depends on it.
with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_items_valued as (select * from {{ ref('int_order_items_valued') }})

select 'order' as grain, order_id as id
from orders_valued
where
    net_revenue <> gross_amount - item_discount_amount - order_discount_amount
    or net_revenue < 0
    or gmv < gross_amount
union all
select 'line' as grain, order_item_id as id
from order_items_valued
where
    net_revenue <> gross_amount - item_discount_amount - order_discount_amount
    or net_revenue < 0
    or gmv < gross_amount
    or kept_quantity + returned_quantity <> quantity
    or kept_quantity < 0
