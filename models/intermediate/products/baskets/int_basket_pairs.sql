with

basket_items_kept as (select * from {{ ref('int_basket_items_kept') }}),

tier_pairs as (
    select
        firsts.item_number as item_number_a,
        seconds.item_number as item_number_b,
        firsts.city_tier,
        count(*) as orders_together,
        sum(case when firsts.is_training then 1 else 0 end) as training_orders_together
    from basket_items_kept as firsts
    inner join basket_items_kept as seconds
        on seconds.level = firsts.level
        and seconds.order_id = firsts.order_id
        and seconds.item_number > firsts.item_number
    group by firsts.item_number, seconds.item_number, firsts.city_tier
),

all_pairs as (
    select item_number_a, item_number_b, city_tier, orders_together, training_orders_together from tier_pairs
    union all
    select
        item_number_a,
        item_number_b,
        'all' as city_tier,
        sum(orders_together) as orders_together,
        sum(training_orders_together) as training_orders_together
    from tier_pairs
    group by item_number_a, item_number_b
)

select
    item_number_a,
    item_number_b,
    city_tier,
    cast(orders_together as bigint) as orders_together,
    cast(training_orders_together as bigint) as training_orders_together
from all_pairs
where orders_together >= {{ var('basket_min_orders', 5) }}
