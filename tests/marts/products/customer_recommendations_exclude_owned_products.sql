-- Customers must not be offered products that they own or that are no longer sold, because that costs trust.
with

customer_recommendations as (select * from {{ ref('customer_recommendations') }}),

recommendation_products as (select * from {{ ref('int_recommendation_products') }}),

order_items as (select * from {{ ref('order_items') }}),

stg_products as (select * from {{ ref('stg_products') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

owned_products as (
    select
        customer_id,
        product_id
    from order_items
    where
        is_valid
        and quantity > 0
    group by customer_id, product_id
    having count(distinct order_date) = 1
)

select
    customer_recommendations.customer_id,
    customer_recommendations.rank,
    customer_recommendations.product_id
from customer_recommendations
cross join stg_run_period
left join owned_products
    on owned_products.customer_id = customer_recommendations.customer_id
    and owned_products.product_id = customer_recommendations.product_id
left join recommendation_products
    on recommendation_products.scope = 'as_of'
    and recommendation_products.product_id = customer_recommendations.product_id
left join stg_products on stg_products.product_id = customer_recommendations.product_id
where
    customer_recommendations.customer_id = 'unknown'
    or customer_recommendations.reason is null
    or stg_products.discontinued_at < stg_run_period.as_of_end_at
    or (owned_products.product_id is not null and not coalesce(recommendation_products.is_replenishable, false))
