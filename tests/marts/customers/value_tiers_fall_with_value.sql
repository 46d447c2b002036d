-- No customer may be in a higher tier than a customer of higher value; otherwise the most expensive treatment would go
-- to the wrong customers.
with

value_tier_rules as (select * from {{ ref('value_tier_rules') }}),

customer_lifetime_value as (select * from {{ ref('customer_lifetime_value') }}),

tier_bounds as (
    select
        value_tier_rules.share_above_from,
        min(coalesce(customer_lifetime_value.clv, 0)) as lowest_clv,
        max(coalesce(customer_lifetime_value.clv, 0)) as highest_clv
    from customer_lifetime_value
    inner join value_tier_rules on value_tier_rules.value_tier = customer_lifetime_value.value_tier
    group by value_tier_rules.share_above_from
)

select
    higher_tiers.lowest_clv,
    lower_tiers.highest_clv
from tier_bounds as higher_tiers
inner join tier_bounds as lower_tiers on lower_tiers.share_above_from > higher_tiers.share_above_from
where higher_tiers.lowest_clv <= lower_tiers.highest_clv
