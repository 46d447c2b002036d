-- Nobody of lower value stands in a higher tier: the dearest treatment would go to the wrong people.
with

value_tier_rules as (
    select * from {{ ref('value_tier_rules') }}
),

lifetime_values as (
    select * from {{ ref('customer_lifetime_value') }}
),

tier_bounds as (
    select
        value_tier_rules.share_above_from,
        min(coalesce(lifetime_values.clv, 0)) as least,
        max(coalesce(lifetime_values.clv, 0)) as most
    from lifetime_values
    inner join value_tier_rules on value_tier_rules.value_tier = lifetime_values.value_tier
    group by value_tier_rules.share_above_from
)

select
    higher.least,
    lower.most
from tier_bounds as higher
inner join tier_bounds as lower on lower.share_above_from > higher.share_above_from
where higher.least <= lower.most
