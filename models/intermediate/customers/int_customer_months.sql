with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
)

-- An order whose lines all lack a cost says nothing about margin.
select
    customer_id,
    count(*) as orders,
    count(*) filter (where gross_margin is not null or covered_net_revenue <> 0) as costed_orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    {{ money('sum(covered_net_revenue)') }} as covered_net_revenue,
    {{ money('sum(covered_gross_margin)') }} as covered_gross_margin,
    order_month
from orders_valued
where
    is_valid
    and customer_id <> 'unknown'
group by customer_id, order_month
