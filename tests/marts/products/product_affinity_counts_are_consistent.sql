-- A pair is in no more baskets than either item, a city tier has no more than the shop, and the lift is within its
-- interval; otherwise products would be bundled on wrong counts.
with

product_affinity as (select * from {{ ref('product_affinity') }}),

shop_pairs as (
    select * from {{ ref('product_affinity') }} where city_tier = 'all'
)

select
    product_affinity.level,
    product_affinity.city_tier,
    product_affinity.product_a,
    product_affinity.product_b
from product_affinity
left join shop_pairs
    on shop_pairs.level = product_affinity.level
    and shop_pairs.product_a = product_affinity.product_a
    and shop_pairs.product_b = product_affinity.product_b
where
    product_affinity.product_a >= product_affinity.product_b
    or product_affinity.orders_together > least(product_affinity.orders_a, product_affinity.orders_b)
    or greatest(product_affinity.orders_a, product_affinity.orders_b) > product_affinity.baskets
    or product_affinity.orders_together > coalesce(shop_pairs.orders_together, product_affinity.orders_together)
    or product_affinity.lift < product_affinity.lift_low
    or product_affinity.lift > product_affinity.lift_high
