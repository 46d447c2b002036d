with

basket_items as (select * from {{ ref('int_basket_items') }}),

basket_item_counts as (select * from {{ ref('int_basket_item_counts') }}),

-- A pair cannot be in more orders than either of its items, so rare items are dropped before pairs are made.
frequent_items as (
    select
        basket_items.level,
        basket_items.order_id,
        basket_item_counts.item_number,
        basket_items.city_tier,
        basket_item_counts.orders,
        basket_items.is_training
    from basket_items
    inner join basket_item_counts
        on basket_item_counts.level = basket_items.level
        and basket_item_counts.item = basket_items.item
    where
        basket_item_counts.city_tier = 'all'
        and basket_item_counts.orders >= {{ var('basket_min_orders', 5) }}
),

basket_sizes as (
    select
        level,
        order_id,
        count(*) as frequent_items
    from frequent_items
    group by level, order_id
    having count(*) >= 2
),

-- Keep the most bought items, so that a capped basket loses only pairs with its least bought items. Item numbers break
-- ties.
ranked_items as (
    select
        frequent_items.level,
        frequent_items.order_id,
        frequent_items.item_number,
        row_number() over (
            partition by frequent_items.level, frequent_items.order_id
            order by frequent_items.orders desc, frequent_items.item_number
        ) as item_rank
    from frequent_items
    inner join basket_sizes
        on basket_sizes.level = frequent_items.level
        and basket_sizes.order_id = frequent_items.order_id
    where basket_sizes.frequent_items > {{ var('max_basket_items', 100) }}
)

select
    frequent_items.level,
    frequent_items.order_id,
    frequent_items.item_number,
    frequent_items.city_tier,
    basket_sizes.frequent_items,
    frequent_items.is_training
from frequent_items
inner join basket_sizes
    on basket_sizes.level = frequent_items.level
    and basket_sizes.order_id = frequent_items.order_id
left join ranked_items
    on ranked_items.level = frequent_items.level
    and ranked_items.order_id = frequent_items.order_id
    and ranked_items.item_number = frequent_items.item_number
where coalesce(ranked_items.item_rank, 0) <= {{ var('max_basket_items', 100) }}
