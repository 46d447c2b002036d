-- Every customer is worth something once: a customer lost or counted twice would shift every tier and every budget.
with

lifetime_values as (
    select
        count(*) as customers,
        coalesce(sum(historical_value), 0) as historical_value,
        count(clv) as valued_customers
    from {{ ref('customer_lifetime_value') }}
),

customers as (
    select
        count(*) as customers,
        coalesce(sum(net_revenue_after_refunds), 0) as historical_value,
        count(*) filter (where orders > 0) as valued_customers
    from {{ ref('customers') }}
    where not is_unknown
)

select
    lifetime_values.customers,
    customers.customers as expected_customers
from lifetime_values
cross join customers
where
    lifetime_values.customers <> customers.customers
    or lifetime_values.historical_value <> customers.historical_value
    or lifetime_values.valued_customers <> customers.valued_customers
