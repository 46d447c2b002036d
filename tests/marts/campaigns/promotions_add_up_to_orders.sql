-- Orders, discounts and revenue of all promotions are those of the shop's orders with a code. Otherwise lost or
-- doubled orders would hide the cost of discounts.
with

promotion_performance as (select * from {{ ref('promotion_performance') }}),

orders as (select * from {{ ref('orders') }}),

by_code as (
    select
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(new_customers), 0) as new_customers,
        coalesce(sum(discount_cost), 0) as discounts,
        coalesce(sum(net_revenue), 0) as net_revenue
    from promotion_performance
),

with_code as (
    select
        count(*) as orders,
        count(*) filter (where is_first_order) as new_customers,
        coalesce(sum(item_discount_amount + order_discount_amount), 0) as discounts,
        coalesce(sum(net_revenue), 0) as net_revenue
    from orders
    where is_valid and promotion_code is not null
)

select
    by_code.orders as promotion_orders,
    with_code.orders as shop_orders,
    by_code.discounts as promotion_discounts,
    with_code.discounts as shop_discounts,
    by_code.net_revenue as promotion_revenue,
    with_code.net_revenue as shop_revenue
from by_code
cross join with_code
where
    by_code.orders <> with_code.orders
    or by_code.new_customers <> with_code.new_customers
    or by_code.discounts <> with_code.discounts
    or by_code.net_revenue <> with_code.net_revenue
