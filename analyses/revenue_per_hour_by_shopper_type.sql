-- Which shopper type brings most per hour of visits? Orders and net revenue per hour that each type spends in the
-- shop, and revenue per order. A type with long visits and few orders needs help to decide; a type that buys quickly
-- does not.
with

customer_shopper_types as (select * from {{ ref('customer_shopper_types') }}),

customers as (select * from {{ ref('customers') }}),

shopper_type_totals as (
    select
        customer_shopper_types.shopper_type,
        count(*) as people,
        count(*) filter (where customer_shopper_types.orders > 0) as buyers,
        sum(customer_shopper_types.duration_seconds) as duration_seconds,
        sum(customer_shopper_types.orders) as orders,
        sum(coalesce(customers.net_revenue_after_refunds, 0)) as net_revenue_after_refunds
    from customer_shopper_types
    left join customers on customers.customer_id = customer_shopper_types.customer_id
    group by customer_shopper_types.shopper_type
)

select
    shopper_type,
    people,
    {{ rounded_ratio('buyers', 'people') }} as buyer_share,
    {{ rounded_ratio('duration_seconds', '3600') }} as hours,
    {{ rounded_ratio('3600 * orders', 'duration_seconds') }} as orders_per_hour,
    {{ rounded_ratio('3600 * net_revenue_after_refunds', 'duration_seconds') }} as net_revenue_per_hour,
    {{ rounded_ratio('net_revenue_after_refunds', 'orders') }} as net_revenue_per_order
from shopper_type_totals
order by net_revenue_per_hour desc, shopper_type
