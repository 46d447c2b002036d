with

recommendation_profiles as (select * from {{ ref('int_recommendation_profiles') }}),

recommendation_products as (select * from {{ ref('int_recommendation_products') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

category_products as (
    select
        recommendation_products.scope,
        recommendation_products.category,
        recommendation_products.product_id,
        recommendation_products.orders,
        recommendation_products.category_orders
    from recommendation_products
    cross join recommendation_rules
    where
        recommendation_products.category is not null
        and recommendation_products.category_rank <= recommendation_rules.category_products
)

-- Share of the customer's baskets with the category, times the product's share of the category's baskets.
select
    recommendation_profiles.scope,
    recommendation_profiles.customer_id,
    category_products.product_id,
    {{ exact_share(
        'recommendation_profiles.orders * category_products.orders',
        'recommendation_profiles.baskets * category_products.category_orders'
    ) }} as category_chance
from recommendation_profiles
inner join category_products
    on category_products.scope = recommendation_profiles.scope
    and category_products.category = recommendation_profiles.item
where recommendation_profiles.level = 'category'
