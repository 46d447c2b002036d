with

basket_pairs as (select * from {{ ref('int_basket_pairs') }}),

recommendation_products as (select * from {{ ref('int_recommendation_products') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

scope_pairs as (
    {%- for scope, orders in [('as_of', 'orders_together'), ('backtest', 'training_orders_together')] %}
    {%- for product, neighbour in [('a', 'b'), ('b', 'a')] %}
    select
        '{{ scope }}' as scope,
        item_number_{{ product }} as product_number,
        item_number_{{ neighbour }} as neighbour_number,
        {{ orders }} as orders_together
    from basket_pairs
    where city_tier = 'all' and {{ orders }} >= {{ var('basket_min_orders', 5) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- The join also drops pairs of categories, because no product has their item number.
scored_neighbours as (
    select
        scope_pairs.scope,
        products.product_id,
        neighbours.product_id as neighbour_id,
        scope_pairs.orders_together,
        products.orders as product_orders,
        neighbours.orders as neighbour_orders,
        products.baskets,
        neighbours.popularity_rank,
        products.is_on_sale as is_product_on_sale,
        {{ lift_low(
            'scope_pairs.orders_together', 'products.orders', 'neighbours.orders', 'products.baskets'
        ) }} as lift_low,
        -- Cosine similarity of the two products as vectors over baskets. A product that is in many baskets scores low.
        cast(
            cast(scope_pairs.orders_together as double)
            / sqrt(cast(products.orders as double) * cast(neighbours.orders as double)) as decimal(18, 9)
        ) as similarity
    from scope_pairs
    inner join recommendation_products as products
        on products.scope = scope_pairs.scope
        and products.item_number = scope_pairs.product_number
    inner join recommendation_products as neighbours
        on neighbours.scope = scope_pairs.scope
        and neighbours.item_number = scope_pairs.neighbour_number
    where neighbours.is_on_sale
),

-- Drop pairs that chance alone could explain. Ties in similarity are ordered by orders, then by
-- popularity.
ranked_neighbours as (
    select
        scope,
        product_id,
        neighbour_id,
        orders_together,
        product_orders,
        neighbour_orders,
        baskets,
        is_product_on_sale,
        similarity,
        row_number() over (
            partition by scope, product_id order by similarity desc, orders_together desc, popularity_rank
        ) as neighbour_rank
    from scored_neighbours
    where lift_low > 1
)

select
    ranked_neighbours.scope,
    ranked_neighbours.product_id,
    ranked_neighbours.neighbour_id,
    ranked_neighbours.orders_together,
    ranked_neighbours.product_orders,
    ranked_neighbours.neighbour_orders,
    ranked_neighbours.baskets,
    ranked_neighbours.similarity,
    ranked_neighbours.neighbour_rank,
    ranked_neighbours.is_product_on_sale
from ranked_neighbours
cross join recommendation_rules
where ranked_neighbours.neighbour_rank <= recommendation_rules.neighbours
