-- A pair is in no more baskets than either item, a city tier has no more than the shop, and the lift is within its
-- interval; otherwise products would be bundled on wrong counts.
with

product_affinity as (select * from {{ ref('product_affinity') }}),

product_affinity_by_city_tier as (select * from {{ ref('product_affinity_by_city_tier') }}),

pairs as (
    select
        level,
        'all' as city_tier,
        product_a,
        product_b,
        orders_together,
        orders_a,
        orders_b,
        baskets,
        lift,
        lift_low,
        lift_high
    from product_affinity
    union all
    select
        level,
        city_tier,
        product_a,
        product_b,
        orders_together,
        orders_a,
        orders_b,
        baskets,
        lift,
        lift_low,
        lift_high
    from product_affinity_by_city_tier
)

select
    pairs.level,
    pairs.city_tier,
    pairs.product_a,
    pairs.product_b
from pairs
left join product_affinity
    on product_affinity.level = pairs.level
    and product_affinity.product_a = pairs.product_a
    and product_affinity.product_b = pairs.product_b
where
    pairs.product_a >= pairs.product_b
    or pairs.orders_together > least(pairs.orders_a, pairs.orders_b)
    or greatest(pairs.orders_a, pairs.orders_b) > pairs.baskets
    or pairs.orders_together > coalesce(product_affinity.orders_together, pairs.orders_together)
    or pairs.lift < pairs.lift_low
    or pairs.lift > pairs.lift_high
