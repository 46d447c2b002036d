with

orders as (select * from {{ ref('orders') }}),

targets as (select * from {{ ref('targets') }}),

monthly_revenue as (
    select
        date_trunc('month', order_date) as month,
        sum(net_revenue) as net_revenue
    from orders
    where is_valid
    group by date_trunc('month', order_date)
)

select
    targets.month,
    targets.target,
    monthly_revenue.net_revenue
from targets
left join monthly_revenue on targets.month = monthly_revenue.month
