-- Tiers must add up to the customers of the shop and to the revenue of the RFM window; else their shares are wrong.
with

customers as (select * from {{ ref('customers') }}),

customer_tier_summary as (select * from {{ ref('customer_tier_summary') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

tier_totals as (
    select
        coalesce(sum(customers), 0) as customers,
        coalesce(sum(net_revenue), 0) as net_revenue
    from customer_tier_summary
),

customer_totals as (
    select count(*) as customers from customers where is_known_customer
),

window_totals as (
    select coalesce(sum(orders_valued.net_revenue), 0) as net_revenue
    from orders_valued
    cross join stg_run_period
    where
        orders_valued.is_valid
        and orders_valued.customer_id <> 'unknown'
        and {{ days_between(
            'orders_valued.order_date', 'stg_run_period.as_of_date') }} < {{ var('rfm_window_days', 365
        ) }}
)

select
    tier_totals.customers as tier_customers,
    customer_totals.customers,
    tier_totals.net_revenue as tier_net_revenue,
    window_totals.net_revenue
from tier_totals
cross join customer_totals
cross join window_totals
-- Without orders landed, no customer has a known tier.
cross join inputs_present
where
    inputs_present.has_orders
    and (
        tier_totals.customers <> customer_totals.customers
        or tier_totals.net_revenue <> window_totals.net_revenue
    )
