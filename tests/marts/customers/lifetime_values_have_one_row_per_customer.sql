-- A customer lost or counted twice would shift every value tier and every budget.
with

lifetime_totals as (
    select
        count(*) as customers,
        coalesce(sum(historical_value), 0) as historical_value,
        count(clv) as valued_customers
    from {{ ref('customer_lifetime_value') }}
),

customer_totals as (
    select
        count(*) as customers,
        coalesce(sum(net_revenue_after_refunds), 0) as historical_value,
        count(*) filter (where orders > 0) as valued_customers
    from {{ ref('customers') }}
    where is_known_customer
)

select
    lifetime_totals.customers,
    customer_totals.customers as expected_customers
from lifetime_totals
cross join customer_totals
where
    lifetime_totals.customers <> customer_totals.customers
    or lifetime_totals.historical_value <> customer_totals.historical_value
    or lifetime_totals.valued_customers <> customer_totals.valued_customers
