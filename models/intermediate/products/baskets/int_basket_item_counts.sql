with

basket_items as (select * from {{ ref('int_basket_items') }}),

tier_counts as (
    select
        level,
        city_tier,
        item,
        count(*) as orders,
        sum(case when is_training then 1 else 0 end) as training_orders
    from basket_items
    group by level, city_tier, item
),

all_counts as (
    select level, city_tier, item, orders, training_orders from tier_counts
    union all
    select
        level, 'all' as city_tier, item, sum(orders) as orders, sum(training_orders) as training_orders
    from tier_counts
    group by level, item
)

-- Pairs are counted by item number: a number takes less memory than text and keeps its order.
select
    dense_rank() over (order by level, item) as item_number,
    level,
    city_tier,
    item,
    cast(orders as bigint) as orders,
    cast(training_orders as bigint) as training_orders
from all_counts
