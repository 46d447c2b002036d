with

recommendation_profiles as (select * from {{ ref('int_recommendation_profiles') }}),

product_neighbours as (select * from {{ ref('int_product_neighbours') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

recent_products as (
    select
        recommendation_profiles.scope,
        recommendation_profiles.customer_id,
        recommendation_profiles.item as product_id,
        recommendation_profiles.recency_rank,
        count(*) over (
            partition by recommendation_profiles.scope, recommendation_profiles.customer_id
        ) as products
    from recommendation_profiles
    cross join recommendation_rules
    where
        recommendation_profiles.level = 'product'
        and recommendation_profiles.recency_rank <= recommendation_rules.profile_products
)

-- Mean similarity to the customer's recent products. The anchor is the neighbour that the customer bought last.
select
    recent_products.scope,
    recent_products.customer_id,
    product_neighbours.neighbour_id as product_id,
    min_by(recent_products.product_id, recent_products.recency_rank) as anchor_product_id,
    {{ exact_share('sum(product_neighbours.similarity)', 'min(recent_products.products)') }} as related_chance
from recent_products
inner join product_neighbours
    on product_neighbours.scope = recent_products.scope
    and product_neighbours.product_id = recent_products.product_id
group by recent_products.scope, recent_products.customer_id, product_neighbours.neighbour_id
