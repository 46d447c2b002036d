with

basket_pairs as (select * from {{ ref('int_basket_pairs') }}),

basket_item_counts as (select * from {{ ref('int_basket_item_counts') }}),

basket_counts as (select * from {{ ref('int_basket_counts') }}),

stg_products as (select * from {{ ref('stg_products') }}),

supported_pairs as (
    select
        basket_counts.level,
        basket_counts.city_tier,
        items_a.item as product_a,
        items_b.item as product_b,
        basket_pairs.orders_together,
        items_a.orders as orders_a,
        items_b.orders as orders_b,
        basket_counts.baskets,
        basket_counts.capped_baskets
    from basket_pairs
    inner join basket_item_counts as items_a
        on items_a.item_number = basket_pairs.item_number_a
        and items_a.city_tier = basket_pairs.city_tier
    inner join basket_item_counts as items_b
        on items_b.item_number = basket_pairs.item_number_b
        and items_b.city_tier = basket_pairs.city_tier
    inner join basket_counts
        on basket_counts.level = items_a.level
        and basket_counts.city_tier = basket_pairs.city_tier
    where
        basket_pairs.orders_together
        >= cast('{{ var("basket_min_support", 0.001) }}' as decimal(18, 9)) * basket_counts.baskets
)

select
    supported_pairs.level,
    supported_pairs.city_tier,
    supported_pairs.product_a,
    supported_pairs.product_b,
    case when supported_pairs.level = 'product' then products_a.product_name end as product_a_name,
    case when supported_pairs.level = 'product' then products_b.product_name end as product_b_name,
    supported_pairs.orders_together,
    supported_pairs.orders_a,
    supported_pairs.orders_b,
    supported_pairs.baskets,
    supported_pairs.capped_baskets,
    {{ rounded_ratio('supported_pairs.orders_together', 'supported_pairs.baskets') }} as support,
    {{ rounded_ratio('supported_pairs.orders_together', 'supported_pairs.orders_a') }} as confidence_a_to_b,
    {{ rounded_ratio('supported_pairs.orders_together', 'supported_pairs.orders_b') }} as confidence_b_to_a,
    {{ rounded_ratio(
        'supported_pairs.orders_together * supported_pairs.baskets',
        'supported_pairs.orders_a * supported_pairs.orders_b'
    ) }} as lift,
    {{ lift_low(
        'supported_pairs.orders_together', 'supported_pairs.orders_a', 'supported_pairs.orders_b',
        'supported_pairs.baskets'
    ) }} as lift_low,
    {{ lift_high(
        'supported_pairs.orders_together', 'supported_pairs.orders_a', 'supported_pairs.orders_b',
        'supported_pairs.baskets'
    ) }} as lift_high
from supported_pairs
left join stg_products as products_a on products_a.product_id = supported_pairs.product_a
left join stg_products as products_b on products_b.product_id = supported_pairs.product_b
