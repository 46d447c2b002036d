with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
)

-- A buyer is somebody: `unknown` is in orders and revenue, not among the buyers.
select
    order_date as date,
    {{ money('coalesce(sum(gmv) filter (where is_placed), 0)') }} as gmv,
    {{ money('coalesce(sum(net_revenue) filter (where is_valid), 0)') }} as net_revenue,
    count(*) filter (where is_valid) as orders,
    count(distinct case when is_valid then nullif(customer_id, 'unknown') end) as buyers,
    count(*) filter (where is_first_order) as new_buyers,
    count(*) filter (where is_valid and customer_id = 'unknown') as unknown_orders
from orders_valued
group by order_date
