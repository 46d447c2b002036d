-- There is exactly one row of valid rules; without it no product would have an elasticity.
with

elasticity_rules as (select * from {{ ref('elasticity_rules') }}),

checked_rules as (
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
        end as is_valid
    from elasticity_rules
)

select
    count(*) as rules,
    sum(is_valid) as valid_rules,
    'expected one row of valid rules' as what_is_wrong
from checked_rules
having count(*) <> 1 or sum(is_valid) <> 1
