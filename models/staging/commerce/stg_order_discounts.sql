with

base_order_discounts as (select * from {{ ref('base_order_discounts') }}),

stg_orders as (select * from {{ ref('stg_orders') }})

select
    base_order_discounts.order_discount_id,
    base_order_discounts.order_id,
    base_order_discounts.promotion_code,
    base_order_discounts.target,
    abs(base_order_discounts.amount) as amount
from base_order_discounts
inner join stg_orders on stg_orders.order_id = base_order_discounts.order_id
where base_order_discounts.is_current
