-- The applied and the unapplied part of an order's discount add up to the whole discount. Otherwise revenue is wrong by
-- the difference.
with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }})

select
    orders_valued.order_id,
    orders_valued.order_discount_amount,
    orders_valued.unapplied_discount_amount,
    orders_converted.discount_amount
from orders_valued
full outer join orders_converted on orders_converted.order_id = orders_valued.order_id
where
    orders_valued.order_id is null
    or orders_converted.order_id is null
    or orders_valued.order_discount_amount + orders_valued.unapplied_discount_amount <> orders_converted.discount_amount
