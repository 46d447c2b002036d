-- What sells and is in no plan runs out unseen; its two levels are the same money.
with

replenishment_plan as (
    select * from {{ ref('replenishment_plan') }}
),

product_performance as (
    select * from {{ ref('product_performance') }}
),

of_plans as (
    select
        level,
        sum(net_revenue) as net_revenue
    from replenishment_plan
    group by level
),

of_products as (
    select sum(net_revenue) as net_revenue
    from product_performance
    where orders > 0
)

select
    of_plans.level,
    of_plans.net_revenue,
    of_products.net_revenue as product_net_revenue
from of_products
left join of_plans on true
where of_products.net_revenue is distinct from of_plans.net_revenue
