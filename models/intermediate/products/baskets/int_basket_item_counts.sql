with

basket_items as (
    select * from {{ ref('int_basket_items') }}
),

basket_cutoff as (
    select * from {{ ref('int_basket_cutoff') }}
),

tier_counts as (
    select
        basket_items.level,
        basket_items.city_tier,
        basket_items.item,
        count(*) as orders,
        sum(case when basket_items.order_date < basket_cutoff.cutoff_date then 1 else 0 end) as training_orders
    from basket_items
    cross join basket_cutoff
    group by basket_items.level, basket_items.city_tier, basket_items.item
),

counts as (
    select level, city_tier, item, orders, training_orders from tier_counts
    union all
    select
        level, 'all' as city_tier, item, sum(orders) as orders, sum(training_orders) as training_orders
    from tier_counts
    group by level, item
)

-- Pairs are counted by number, which takes less memory than text and keeps its order.
select
    dense_rank() over (order by level, item) as item_number,
    level,
    city_tier,
    item,
    cast(orders as bigint) as orders,
    cast(training_orders as bigint) as training_orders
from counts
