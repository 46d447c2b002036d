with

pair_affinity as (select * from {{ ref('int_pair_affinity') }})

select
    level,
    product_a,
    product_b,
    product_a_name,
    product_b_name,
    orders_together,
    orders_a,
    orders_b,
    baskets,
    capped_baskets,
    support,
    confidence_a_to_b,
    confidence_b_to_a,
    lift,
    lift_low,
    lift_high
from pair_affinity
where city_tier = 'all'
