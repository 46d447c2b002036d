with

recommendation_scopes as (
    select * from {{ ref('int_recommendation_scopes') }}
),

recommendation_rules as (
    select * from {{ ref('recommendation_rules') }}
),

item_counts as (
    select * from {{ ref('int_basket_item_counts') }}
),

product_repeats as (
    select * from {{ ref('int_product_repeats') }}
),

stg_products as (
    select * from {{ ref('stg_products') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

scope_counts as (
    {%- for scope, orders in [('as_of', 'orders'), ('backtest', 'training_orders')] %}
    select '{{ scope }}' as scope, level, item, item_number, {{ orders }} as orders
    from item_counts
    where city_tier = 'all' and {{ orders }} > 0
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Where a catalogue is landed, what it does not hold can't be offered; where none is, everything that sold can.
sold_products as (
    select
        scope_counts.scope,
        scope_counts.item as product_id,
        scope_counts.item_number,
        stg_products.category,
        scope_counts.orders,
        recommendation_scopes.baskets,
        coalesce(product_repeats.buyers, 0) as buyers,
        coalesce(product_repeats.repeat_buyers, 0) as repeat_buyers,
        (stg_products.product_id is not null or not inputs_present.has_products)
        and coalesce(stg_products.discontinued_at >= recommendation_scopes.judged_at, true) as is_on_sale
    from scope_counts
    inner join recommendation_scopes on recommendation_scopes.scope = scope_counts.scope
    cross join inputs_present
    left join stg_products on stg_products.product_id = scope_counts.item
    left join product_repeats
        on product_repeats.scope = scope_counts.scope
        and product_repeats.product_id = scope_counts.item
    where scope_counts.level = 'product'
)

select
    sold_products.scope,
    sold_products.product_id,
    sold_products.item_number,
    sold_products.category,
    sold_products.orders,
    category_counts.orders as category_orders,
    sold_products.baskets,
    sold_products.buyers,
    sold_products.repeat_buyers,
    {{ exact_share('sold_products.orders', 'sold_products.baskets') }} as popular_chance,
    -- Ranks are among what can be bought; other products follow.
    row_number() over (
        partition by sold_products.scope
        order by sold_products.is_on_sale desc, sold_products.orders desc, sold_products.product_id
    ) as popularity_rank,
    row_number() over (
        partition by sold_products.scope, sold_products.category
        order by sold_products.is_on_sale desc, sold_products.orders desc, sold_products.product_id
    ) as category_rank,
    sold_products.is_on_sale,
    sold_products.buyers >= recommendation_rules.repeat_min_buyers
    and 100 * sold_products.repeat_buyers
    >= recommendation_rules.repeat_percent * sold_products.buyers as is_replenishable
from sold_products
cross join recommendation_rules
left join scope_counts as category_counts
    on category_counts.scope = sold_products.scope
    and category_counts.level = 'category'
    and category_counts.item = sold_products.category
