-- Campaigns that claim an order twice, or more than the shop earned, would win every argument for a budget: what they
-- are credited with adds up to different valid orders, and to no more than all net revenue.
with

campaign_performance as (
    select * from {{ ref('campaign_performance') }}
),

campaign_orders as (
    select * from {{ ref('int_campaign_orders') }}
),

orders as (
    select * from {{ ref('orders') }}
),

claimed as (
    select
        coalesce(sum(attributed_orders), 0) as orders,
        coalesce(sum(attributed_revenue), 0) as revenue
    from campaign_performance
),

credited as (
    select
        count(distinct orders.order_id) as orders,
        coalesce(sum(orders.net_revenue), 0) as revenue
    from campaign_orders
    inner join orders on orders.order_id = campaign_orders.order_id
    where orders.is_valid
),

earned as (
    select coalesce(sum(net_revenue), 0) as revenue
    from orders
    where is_valid
)

select
    claimed.orders as claimed_orders,
    credited.orders as credited_orders,
    claimed.revenue as claimed_revenue,
    credited.revenue as credited_revenue,
    earned.revenue as earned_revenue
from claimed
cross join credited
cross join earned
where
    claimed.orders <> credited.orders
    or claimed.revenue <> credited.revenue
    or claimed.revenue > earned.revenue
