-- Orders attributed to campaigns add up to distinct valid orders and to no more than all net revenue. Otherwise a
-- campaign gets a budget for orders that it did not bring.
with

campaign_performance as (select * from {{ ref('campaign_performance') }}),

campaign_orders as (select * from {{ ref('int_campaign_orders') }}),

orders as (select * from {{ ref('orders') }}),

attributed as (
    select
        coalesce(sum(attributed_orders), 0) as orders,
        coalesce(sum(attributed_revenue), 0) as revenue
    from campaign_performance
),

matched as (
    select
        count(distinct orders.order_id) as orders,
        coalesce(sum(orders.net_revenue), 0) as revenue
    from campaign_orders
    inner join orders on orders.order_id = campaign_orders.order_id
    where orders.is_valid
),

shop_totals as (
    select coalesce(sum(net_revenue), 0) as revenue
    from orders
    where is_valid
)

select
    attributed.orders as attributed_orders,
    matched.orders as matched_orders,
    attributed.revenue as attributed_revenue,
    matched.revenue as matched_revenue,
    shop_totals.revenue as shop_revenue
from attributed
cross join matched
cross join shop_totals
where
    attributed.orders <> matched.orders
    or attributed.revenue <> matched.revenue
    or attributed.revenue > shop_totals.revenue
