-- Orders and revenue of all promotions are those of the shop's orders, once for each code, and discounts are no more
-- than these orders gave. Otherwise lost or doubled orders would hide the cost of discounts.
with

promotion_performance as (select * from {{ ref('promotion_performance') }}),

orders as (select * from {{ ref('orders') }}),

stg_order_discounts as (select * from {{ ref('stg_order_discounts') }}),

by_code as (
    select
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(new_customers), 0) as new_customers,
        coalesce(sum(discount_cost), 0) as discounts,
        coalesce(sum(net_revenue), 0) as net_revenue
    from promotion_performance
),

stated_codes as (
    select
        order_id,
        count(distinct promotion_code) as codes
    from stg_order_discounts
    where promotion_code is not null
    group by order_id
),

with_code as (
    select
        coalesce(sum(coalesce(stated_codes.codes, 1)), 0) as orders,
        coalesce(sum(case when orders.is_first_order then coalesce(stated_codes.codes, 1) end), 0) as new_customers,
        coalesce(sum(orders.item_discount_amount + orders.order_discount_amount), 0) as discounts,
        coalesce(sum(
            case when stated_codes.codes is null then orders.item_discount_amount + orders.order_discount_amount end
        ), 0) as unstated_discounts,
        coalesce(sum(orders.net_revenue * coalesce(stated_codes.codes, 1)), 0) as net_revenue
    from orders
    left join stated_codes on stated_codes.order_id = orders.order_id
    where orders.is_valid and orders.promotion_code is not null
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
    or by_code.discounts not between with_code.unstated_discounts and with_code.discounts
    or by_code.net_revenue <> with_code.net_revenue
