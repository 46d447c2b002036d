with

customer_values as (select * from {{ ref('int_customer_values') }}),

value_tier_rules as (select * from {{ ref('value_tier_rules') }}),

value_groups as (
    select
        clv,
        count(*) as customers,
        sum(clv) as total
    from customer_values
    where clv > 0
    group by clv
),

-- Customers of equal value share a tier, so only the value of customers with strictly higher value counts.
values_above as (
    select
        clv,
        cast(
            coalesce(
                sum(total) over (order by clv desc rows between unbounded preceding and 1 preceding), 0
            ) as decimal(28, 2)
        ) as value_above,
        cast(sum(total) over () as decimal(28, 2)) as all_value
    from value_groups
),

assigned_tiers as (
    select
        values_above.clv,
        value_tier_rules.value_tier,
        {{ rounded_ratio('values_above.value_above', 'values_above.all_value') }} as value_share_above
    from values_above
    inner join value_tier_rules
        on values_above.value_above >= value_tier_rules.share_above_from * values_above.all_value
        and {{ rule_holds(
            'values_above.value_above', '<', 'value_tier_rules.share_above_below * values_above.all_value'
        ) }}
),

last_tiers as (
    select value_tier
    from value_tier_rules
    where share_above_below is null
)

-- Customers whose value is 0, negative or null are in the last tier.
select
    customer_values.customer_id,
    coalesce(assigned_tiers.value_tier, last_tiers.value_tier) as value_tier,
    assigned_tiers.value_share_above
from customer_values
cross join last_tiers
left join assigned_tiers on assigned_tiers.clv = customer_values.clv
