-- Both can't be bought together more often than either alone, a city tier can't have more than the whole, and a lift
-- lies within its interval: a pair beyond that would be bundled for nothing.
with

product_affinity as (
    select * from {{ ref('product_affinity') }}
),

whole as (
    select * from {{ ref('product_affinity') }} where city_tier = 'all'
)

select
    product_affinity.level,
    product_affinity.city_tier,
    product_affinity.product_a,
    product_affinity.product_b
from product_affinity
left join whole
    on whole.level = product_affinity.level
    and whole.product_a = product_affinity.product_a
    and whole.product_b = product_affinity.product_b
where
    product_affinity.product_a >= product_affinity.product_b
    or product_affinity.orders_together > least(product_affinity.orders_a, product_affinity.orders_b)
    or greatest(product_affinity.orders_a, product_affinity.orders_b) > product_affinity.baskets
    or product_affinity.orders_together > coalesce(whole.orders_together, product_affinity.orders_together)
    or product_affinity.lift < product_affinity.lift_low
    or product_affinity.lift > product_affinity.lift_high
