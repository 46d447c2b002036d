-- Every breakdown of a month adds up to the month's orders and revenue; otherwise category and KPI reports contradict
-- each other.
with

category_performance as (select * from {{ ref('category_performance') }}),

orders as (select * from {{ ref('orders') }}),

period_orders as (
    select substr(cast(order_month as {{ dbt.type_string() }}), 1, 7) as period, net_revenue
    from orders
    where is_valid
    union all
    select 'all' as period, net_revenue
    from orders
    where is_valid
),

period_totals as (
    select
        period,
        count(*) as orders,
        sum(net_revenue) as net_revenue
    from period_orders
    group by period
),

breakdown_totals as (
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
    coalesce(period_totals.period, breakdown_totals.period) as period,
    breakdown_totals.breakdown,
    period_totals.orders as shop_orders,
    breakdown_totals.orders,
    period_totals.net_revenue as shop_net_revenue,
    breakdown_totals.net_revenue,
    breakdown_totals.category_net_revenue
from period_totals
full outer join breakdown_totals on breakdown_totals.period = period_totals.period
where
    period_totals.orders is distinct from breakdown_totals.orders
    or period_totals.net_revenue is distinct from breakdown_totals.net_revenue
    or period_totals.net_revenue is distinct from breakdown_totals.category_net_revenue
