with

recommendation_profiles as (select * from {{ ref('int_recommendation_profiles') }}),

product_neighbours as (select * from {{ ref('int_product_neighbours') }}),

stg_products as (select * from {{ ref('stg_products') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

-- Of one day, the product bought more often comes first. The name decides before the id, which a shop may give anew.
ranked_products as (
    select
        recommendation_profiles.scope,
        recommendation_profiles.customer_id,
        recommendation_profiles.item as product_id,
        row_number() over (
            partition by recommendation_profiles.scope, recommendation_profiles.customer_id
            order by
                recommendation_profiles.last_order_date desc, recommendation_profiles.orders desc,
                coalesce(stg_products.product_name, recommendation_profiles.item), recommendation_profiles.item
        ) as recency_rank
    from recommendation_profiles
    left join stg_products on stg_products.product_id = recommendation_profiles.item
    where recommendation_profiles.level = 'product'
),

recent_products as (
    select
        ranked_products.scope,
        ranked_products.customer_id,
        ranked_products.product_id,
        ranked_products.recency_rank,
        count(*) over (partition by ranked_products.scope, ranked_products.customer_id) as products
    from ranked_products
    cross join recommendation_rules
    where ranked_products.recency_rank <= recommendation_rules.profile_products
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
