with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_items_valued as (select * from {{ ref('int_order_items_valued') }})

-- Use only lines of known cost, so that margin and revenue refer to the same goods.
select
    orders_valued.customer_id,
    {{ money('sum(order_items_valued.net_revenue_after_refunds)') }} as covered_net_revenue_after_refunds,
    {{ money('sum(order_items_valued.gross_margin)') }} as covered_gross_margin
from order_items_valued
inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
where
    orders_valued.is_valid
    and orders_valued.is_known_customer
    and order_items_valued.cost_amount is not null
group by orders_valued.customer_id
