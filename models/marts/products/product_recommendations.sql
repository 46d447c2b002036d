with

product_neighbours as (select * from {{ ref('int_product_neighbours') }}),

stg_products as (select * from {{ ref('stg_products') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }})

select
    product_neighbours.product_id,
    product_neighbours.neighbour_rank as rank,
    product_neighbours.neighbour_id as recommended_product_id,
    products.product_name,
    neighbours.product_name as recommended_product_name,
    products.category,
    neighbours.category as recommended_category,
    product_neighbours.orders_together,
    product_neighbours.product_orders,
    product_neighbours.neighbour_orders as recommended_product_orders,
    product_neighbours.baskets,
    {{ rounded_double('cast(product_neighbours.similarity as double)') }} as score,
    {{ rounded_ratio('product_neighbours.orders_together', 'product_neighbours.product_orders') }} as confidence,
    {{ rounded_ratio(
        'product_neighbours.orders_together * product_neighbours.baskets',
        'product_neighbours.product_orders * product_neighbours.neighbour_orders'
    ) }} as lift
from product_neighbours
cross join recommendation_rules
left join stg_products as products on products.product_id = product_neighbours.product_id
left join stg_products as neighbours on neighbours.product_id = product_neighbours.neighbour_id
where
    product_neighbours.scope = 'as_of'
    and product_neighbours.is_product_on_sale
    and product_neighbours.neighbour_rank <= recommendation_rules.list_products
