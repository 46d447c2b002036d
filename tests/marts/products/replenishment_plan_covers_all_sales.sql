-- Every product sold has a plan, and both levels add up to the same revenue; an item without a plan would run out
-- unnoticed.
with

replenishment_plan as (select * from {{ ref('replenishment_plan') }}),

product_performance as (select * from {{ ref('product_performance') }}),

plan_totals as (
    select
        level,
        sum(net_revenue) as net_revenue
    from replenishment_plan
    group by level
),

product_totals as (
    select sum(net_revenue) as net_revenue
    from product_performance
    where orders > 0
)

select
    plan_totals.level,
    plan_totals.net_revenue,
    product_totals.net_revenue as product_net_revenue
from product_totals
left join plan_totals on true
where product_totals.net_revenue is distinct from plan_totals.net_revenue
