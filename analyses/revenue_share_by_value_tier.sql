-- What share of revenue does each tier bring, by what customers did (customer tier) and by what they are worth (value
-- tier)?
with

customers as (
    select * from {{ ref('customers') }}
),

lifetime_values as (
    select * from {{ ref('customer_lifetime_value') }}
),

tiered_customers as (
    select
        'customer_tier' as tier_kind,
        customers.customer_tier as tier,
        customers.net_revenue_after_refunds,
        lifetime_values.clv
    from customers
    inner join lifetime_values on lifetime_values.customer_id = customers.customer_id
    union all
    select
        'value_tier' as tier_kind,
        customers.value_tier as tier,
        customers.net_revenue_after_refunds,
        lifetime_values.clv
    from customers
    inner join lifetime_values on lifetime_values.customer_id = customers.customer_id
),

tiers as (
    select
        tier_kind,
        tier,
        count(*) as customers,
        sum(net_revenue_after_refunds) as historical_value,
        coalesce(sum(clv), 0) as expected_value
    from tiered_customers
    group by tier_kind, tier
),

shared_tiers as (
    select
        tier_kind,
        tier,
        customers,
        historical_value,
        expected_value,
        sum(customers) over (partition by tier_kind) as all_customers,
        sum(historical_value) over (partition by tier_kind) as all_historical_value,
        sum(expected_value) over (partition by tier_kind) as all_expected_value
    from tiers
)

select
    tier_kind,
    tier,
    customers,
    {{ rounded_ratio('customers', 'all_customers') }} as customer_share,
    historical_value,
    {{ rounded_ratio('historical_value', 'all_historical_value') }} as historical_share,
    expected_value,
    {{ rounded_ratio('expected_value', 'all_expected_value') }} as expected_share
from shared_tiers
order by tier_kind, expected_value desc
