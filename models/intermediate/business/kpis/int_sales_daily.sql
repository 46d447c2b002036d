with

orders_valued as (select * from {{ ref('int_orders_valued') }})

-- Orders of `unknown` count in orders and revenue, and not in buyers.
select
    order_date as date,
    {{ money('coalesce(sum(gmv) filter (where is_placed), 0)') }} as gmv,
    {{ money('coalesce(sum(net_revenue) filter (where is_valid), 0)') }} as net_revenue,
    count(*) filter (where is_valid) as orders,
    count(distinct case when is_valid and is_known_customer then customer_id end) as buyers,
    count(*) filter (where is_first_order) as new_buyers,
    count(*) filter (where is_valid and not is_known_customer) as unknown_orders
from orders_valued
group by order_date
