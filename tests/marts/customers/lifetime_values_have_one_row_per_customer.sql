-- A customer lost or counted twice would shift every value tier and every budget.
with

inputs_present as (select * from {{ ref('int_inputs_present') }}),

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
cross join inputs_present
where
    lifetime_totals.customers <> customer_totals.customers
    or (
        -- Without orders landed, what a customer was worth is unknown.
        inputs_present.has_orders
        and (
            lifetime_totals.historical_value <> customer_totals.historical_value
            or lifetime_totals.valued_customers <> customer_totals.valued_customers
        )
    )
