-- A customer's valid orders count 1, 2, 3 ...: a gap or a second first order would move new customers between months.
with

orders_valued as (select * from {{ ref('int_orders_valued') }})

select
    customer_id,
    count(*) as orders,
    max(order_number) as last_number,
    count(*) filter (where is_first_order) as first_orders
from orders_valued
where
    is_valid
    and customer_id <> 'unknown'
group by customer_id
having
    min(order_number) <> 1
    or max(order_number) <> count(*)
    or count(distinct order_number) <> count(*)
    or count(*) filter (where is_first_order) <> 1
