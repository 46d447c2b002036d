with

orders as (
    select * from {{ ref('orders') }}
)

select
    cast(sum(net_revenue) as decimal(18, 2)) as net_revenue,
    cast(count(*) as bigint) as orders,
    cast(count(distinct customer_id) as bigint) as buyers,
    order_date as date
from orders
group by order_date
