with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

promotions_dated as (select * from {{ ref('int_promotions_dated') }}),

-- Sum by day first, so that the join reads days instead of orders.
days_without as (
    select
        order_date,
        count(*) as orders,
        sum(net_revenue) as net_revenue,
        sum(covered_net_revenue) as covered_net_revenue,
        sum(covered_gross_margin) as covered_gross_margin
    from orders_valued
    where is_valid and promotion_code is null
    group by order_date
)

select
    promotions_dated.promotion_code,
    cast(coalesce(sum(days_without.orders), 0) as bigint) as orders_without,
    {{ money('coalesce(sum(days_without.net_revenue), 0)') }} as net_revenue_without,
    {{ money('coalesce(sum(days_without.covered_net_revenue), 0)') }} as covered_net_revenue_without,
    {{ money('coalesce(sum(days_without.covered_gross_margin), 0)') }} as covered_gross_margin_without
from promotions_dated
left join days_without
    on days_without.order_date between promotions_dated.ran_from_date and promotions_dated.ran_to_date
group by promotions_dated.promotion_code
