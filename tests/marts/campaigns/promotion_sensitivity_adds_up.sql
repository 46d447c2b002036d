-- Orders of the segments are those of the RFM window, and orders and discounts on promotions are those of the orders
-- with a code. Otherwise the next discount goes to the wrong customers.
with

promotion_sensitivity as (select * from {{ ref('promotion_sensitivity') }}),

segment_orders as (select * from {{ ref('int_segment_orders') }}),

customer_rfm as (select * from {{ ref('customer_rfm') }}),

window_orders as (
    select coalesce(sum(frequency), 0) as orders from customer_rfm
),

coded_orders as (
    select
        promotion_type,
        count(*) as orders,
        sum(discount_amount) as discount_amount
    from segment_orders
    where promotion_type is not null
    group by promotion_type
),

type_totals as (
    select
        promotion_type,
        sum(orders) as orders,
        min(all_orders) as all_orders,
        sum(promotion_orders) as promotion_orders,
        min(all_promotion_orders) as all_promotion_orders,
        sum(promotion_discount_amount) as promotion_discount_amount
    from promotion_sensitivity
    group by promotion_type
)

select
    coded_orders.promotion_type,
    type_totals.orders,
    window_orders.orders as window_orders,
    type_totals.promotion_orders,
    coded_orders.orders as coded_orders,
    type_totals.promotion_discount_amount,
    coded_orders.discount_amount as coded_discount_amount
from coded_orders
cross join window_orders
left join type_totals on type_totals.promotion_type = coded_orders.promotion_type
where
    type_totals.orders is distinct from window_orders.orders
    or type_totals.all_orders is distinct from window_orders.orders
    or type_totals.promotion_orders is distinct from coded_orders.orders
    or type_totals.all_promotion_orders is distinct from coded_orders.orders
    or type_totals.promotion_discount_amount is distinct from coded_orders.discount_amount
