-- The applied and the unapplied part of an order's discount add up to the whole discount. Otherwise revenue is wrong by
-- the difference. Off prices that include tax, the applied part is without it, rounded once for each line.
with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }})

select
    orders_valued.order_id,
    orders_valued.order_discount_amount,
    orders_valued.unapplied_discount_amount,
    orders_converted.discount_amount
from orders_valued
full outer join orders_converted on orders_converted.order_id = orders_valued.order_id
left join order_charges on order_charges.order_id = orders_converted.order_id
where
    orders_valued.order_id is null
    or orders_converted.order_id is null
    or order_charges.order_id is null
    or abs(
        orders_valued.order_discount_amount + orders_valued.unapplied_discount_amount
        - {{ without_tax('orders_converted.discount_amount') }}
    ) > case when order_charges.goods_tax_amount > 0 then 0.005 * orders_valued.items + 0.005 else 0 end
