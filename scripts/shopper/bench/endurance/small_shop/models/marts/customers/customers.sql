with

orders as (
    select * from {{ ref('orders') }}
),

spending_levels as (
    select * from {{ ref('spending_levels') }}
),

customer_sums as (
    select
        customer_id,
        cast(count(*) as bigint) as orders,
        cast(sum(net_revenue) as decimal(18, 2)) as net_revenue
    from orders
    group by customer_id
)

select
    customer_sums.customer_id,
    max_by(spending_levels.spending_level, spending_levels.lowest_revenue) as spending_level,
    customer_sums.orders,
    customer_sums.net_revenue
from customer_sums
inner join spending_levels on spending_levels.lowest_revenue <= customer_sums.net_revenue
group by customer_sums.customer_id, customer_sums.orders, customer_sums.net_revenue
