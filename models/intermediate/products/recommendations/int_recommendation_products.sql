with

recommendation_scopes as (select * from {{ ref('int_recommendation_scopes') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

basket_item_counts as (select * from {{ ref('int_basket_item_counts') }}),

product_repeats as (select * from {{ ref('int_product_repeats') }}),

stg_products as (select * from {{ ref('stg_products') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

item_orders as (
    select 'as_of' as scope, level, item, item_number, orders
    from basket_item_counts
    where city_tier = 'all'
    union all
    select 'backtest' as scope, level, item, item_number, training_orders as orders
    from basket_item_counts
    where city_tier = 'all' and training_orders > 0
),

-- With a catalogue, only products in it can be recommended. Without one, every product that sold can.
scored_products as (
    select
        item_orders.scope,
        item_orders.item as product_id,
        item_orders.item_number,
        coalesce(stg_products.product_name, item_orders.item) as name,
        stg_products.category,
        item_orders.orders,
        recommendation_scopes.baskets,
        coalesce(product_repeats.buyers, 0) as buyers,
        coalesce(product_repeats.repeat_buyers, 0) as repeat_buyers,
        (stg_products.product_id is not null or not inputs_present.has_products)
        and coalesce(stg_products.discontinued_at >= recommendation_scopes.recommended_at, true) as is_on_sale
    from item_orders
    inner join recommendation_scopes on recommendation_scopes.scope = item_orders.scope
    cross join inputs_present
    left join stg_products on stg_products.product_id = item_orders.item
    left join product_repeats
        on product_repeats.scope = item_orders.scope
        and product_repeats.product_id = item_orders.item
    where item_orders.level = 'product'
)

select
    scored_products.scope,
    scored_products.product_id,
    scored_products.item_number,
    scored_products.category,
    scored_products.orders,
    category_counts.orders as category_orders,
    scored_products.baskets,
    scored_products.buyers,
    scored_products.repeat_buyers,
    {{ exact_share('scored_products.orders', 'scored_products.baskets') }} as popular_chance,
    -- Products on sale rank first, so that candidates are on sale. Of equal orders, those of more buyers say more. The
    -- name decides before the id, which a shop may give anew.
    {%- for rank, group in [('popularity_rank', 'scope'), ('category_rank', 'scope, scored_products.category')] %}
    row_number() over (
        partition by scored_products.{{ group }}
        order by
            scored_products.is_on_sale desc, scored_products.orders desc, scored_products.buyers desc,
            scored_products.name, scored_products.product_id
    ) as {{ rank }},
    {%- endfor %}
    scored_products.is_on_sale,
    scored_products.buyers >= recommendation_rules.repeat_min_buyers
    and 100 * scored_products.repeat_buyers
    >= recommendation_rules.repeat_percent * scored_products.buyers as is_replenishable
from scored_products
cross join recommendation_rules
left join item_orders as category_counts
    on category_counts.scope = scored_products.scope
    and category_counts.level = 'category'
    and category_counts.item = scored_products.category
