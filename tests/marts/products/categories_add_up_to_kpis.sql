-- Every breakdown of a month adds up to the month's orders and revenue, over categories and in `all`; else the
-- assortment report and the KPI report contradict each other.
with

category_performance as (
    select * from {{ ref('category_performance') }}
),

orders as (
    select * from {{ ref('orders') }}
),

valid_orders as (
    select substr(cast(order_month as {{ dbt.type_string() }}), 1, 7) as period, net_revenue
    from orders
    where is_valid
    union all
    select 'all' as period, net_revenue
    from orders
    where is_valid
),

of_orders as (
    select
        period,
        count(*) as orders,
        sum(net_revenue) as net_revenue
    from valid_orders
    group by period
),

of_categories as (
    select
        period,
        breakdown,
        sum(orders) filter (where category = 'all') as orders,
        sum(net_revenue) filter (where category = 'all') as net_revenue,
        sum(net_revenue) filter (where category <> 'all') as category_net_revenue
    from category_performance
    group by period, breakdown
)

select
    coalesce(of_orders.period, of_categories.period) as period,
    of_categories.breakdown,
    of_orders.orders as shop_orders,
    of_categories.orders,
    of_orders.net_revenue as shop_net_revenue,
    of_categories.net_revenue,
    of_categories.category_net_revenue
from of_orders
full outer join of_categories on of_categories.period = of_orders.period
where
    of_orders.orders is distinct from of_categories.orders
    or of_orders.net_revenue is distinct from of_categories.net_revenue
    or of_orders.net_revenue is distinct from of_categories.category_net_revenue
