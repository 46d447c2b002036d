-- Stock identity: count - sold since + came back since. Less would order too early, more would let a product run out.
-- Only sales above the count, which prove a delivery, leave more than that.
with

product_performance as (select * from {{ ref('product_performance') }}),

order_items as (select * from {{ ref('order_items') }}),

counted_products as (
    select
        product_id,
        on_hand_quantity,
        counted_quantity - coalesce(units_sold_since_count, 0) + coalesce(units_returned_since_count, 0)
        as remaining_quantity,
        units_sold_since_count,
        stock_counted_date
    from product_performance
    where counted_quantity is not null
),

sold_since_count as (
    select
        counted_products.product_id,
        sum(order_items.quantity) as quantity
    from counted_products
    inner join order_items
        on order_items.product_id = counted_products.product_id
        and order_items.order_date > counted_products.stock_counted_date
    where order_items.is_valid
    group by counted_products.product_id
)

select
    counted_products.product_id,
    counted_products.on_hand_quantity,
    counted_products.remaining_quantity,
    counted_products.units_sold_since_count,
    sold_since_count.quantity
from counted_products
left join sold_since_count on sold_since_count.product_id = counted_products.product_id
where
    counted_products.units_sold_since_count <> coalesce(sold_since_count.quantity, 0)
    or counted_products.on_hand_quantity is null
    or (
        counted_products.on_hand_quantity <> counted_products.remaining_quantity
        and (counted_products.remaining_quantity >= 0 or counted_products.on_hand_quantity < 0)
    )
