with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
)

-- An order whose lines all lack a cost says nothing about margin.
select
    orders_valued.customer_id,
    count(*) as orders,
    {{ costed_orders('orders_valued') }} as costed_orders,
    {{ money('sum(orders_valued.net_revenue)') }} as net_revenue,
    {{ money('sum(orders_valued.covered_net_revenue)') }} as covered_net_revenue,
    {{ money('sum(orders_valued.covered_gross_margin)') }} as covered_gross_margin,
    orders_valued.order_month
from orders_valued
where
    orders_valued.is_valid
    and orders_valued.customer_id <> 'unknown'
group by orders_valued.customer_id, orders_valued.order_month
