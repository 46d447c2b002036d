-- There is one set of rules for elasticities, each possible; without it no product would have one.
with

elasticity_rules as (
    select * from {{ ref('elasticity_rules') }}
),

possible_rules as (
    select
        case
            when
                min_price_points >= 2
                and min_weeks >= 1
                and price_step > 0
                and max_promotion_days >= 0
                and competitor_price_days >= 1
                then 1
            else 0
        end as is_possible
    from elasticity_rules
)

select
    count(*) as rules,
    sum(is_possible) as possible_rules,
    'expected one row of possible rules' as what_is_wrong
from possible_rules
having count(*) <> 1 or sum(is_possible) <> 1
