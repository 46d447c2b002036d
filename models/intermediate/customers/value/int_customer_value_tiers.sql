with

customer_values as (
    select * from {{ ref('int_customer_values') }}
),

value_tier_rules as (
    select * from {{ ref('value_tier_rules') }}
),

worths as (
    select
        clv,
        count(*) as customers,
        sum(clv) as total
    from customer_values
    where clv > 0
    group by clv
),

-- Customers of equal value share one place: what counts is held by those strictly above.
places as (
    select
        clv,
        cast(
            coalesce(
                sum(total) over (order by clv desc rows between unbounded preceding and 1 preceding), 0
            ) as decimal(28, 2)
        ) as value_above,
        cast(sum(total) over () as decimal(28, 2)) as all_value
    from worths
),

tiers as (
    select
        places.clv,
        value_tier_rules.value_tier,
        {{ rounded_ratio('places.value_above', 'places.all_value') }} as value_share_above
    from places
    inner join value_tier_rules
        on places.value_above >= value_tier_rules.share_above_from * places.all_value
        and {{ rule_holds('places.value_above', '<', 'value_tier_rules.share_above_below * places.all_value') }}
),

last_tier as (
    select value_tier
    from value_tier_rules
    where share_above_below is null
)

-- Whoever is worth nothing has everyone's value above.
select
    customer_values.customer_id,
    coalesce(tiers.value_tier, last_tier.value_tier) as value_tier,
    tiers.value_share_above
from customer_values
cross join last_tier
left join tiers on tiers.clv = customer_values.clv
