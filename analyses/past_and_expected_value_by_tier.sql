-- What share of past revenue and of expected value comes from each customer tier (by past behaviour) and each value
-- tier (by expected value)?
with

customers as (select * from {{ ref('customers') }}),

customer_lifetime_value as (select * from {{ ref('customer_lifetime_value') }}),

tiered_customers as (
    select
        'customer_tier' as tier_kind,
        customers.customer_tier as tier,
        customers.net_revenue_after_refunds,
        customer_lifetime_value.clv
    from customers
    inner join customer_lifetime_value on customer_lifetime_value.customer_id = customers.customer_id
    union all
    select
        'value_tier' as tier_kind,
        customers.value_tier as tier,
        customers.net_revenue_after_refunds,
        customer_lifetime_value.clv
    from customers
    inner join customer_lifetime_value on customer_lifetime_value.customer_id = customers.customer_id
),

tier_totals as (
    select
        tier_kind,
        tier,
        count(*) as customers,
        sum(net_revenue_after_refunds) as historical_value,
        coalesce(sum(clv), 0) as expected_value
    from tiered_customers
    group by tier_kind, tier
),

tiers_with_totals as (
    select
        tier_kind,
        tier,
        customers,
        historical_value,
        expected_value,
        sum(customers) over (partition by tier_kind) as all_customers,
        sum(historical_value) over (partition by tier_kind) as all_historical_value,
        sum(expected_value) over (partition by tier_kind) as all_expected_value
    from tier_totals
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
from tiers_with_totals
order by tier_kind, expected_value desc
