with

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

customer_acquisitions as (
    select * from {{ ref('int_customer_acquisitions') }}
),

channel_lifespans as (
    select * from {{ ref('int_channel_lifespans') }}
),

-- A customer of less than a month counts as one of a month. Time is in month units, so that division is exact.
paces as (
    select
        customer_orders.customer_id,
        customer_orders.orders,
        customer_orders.net_revenue,
        customer_orders.aov,
        cast(greatest(
            {{ months_in_month_units(1) }}, {{ days_in_month_units('customer_orders.order_span_days') }}
        ) as bigint) as active_units,
        channel_lifespans.lifespan_customers,
        channel_lifespans.lifespan_units
    from customer_orders
    inner join customer_acquisitions on customer_acquisitions.customer_id = customer_orders.customer_id
    inner join channel_lifespans on channel_lifespans.acquisition_channel = customer_acquisitions.acquisition_channel
)

-- aov x orders per month x months, of which the orders cancel out: rounded once.
select
    customer_id,
    aov,
    {{ rounded_ratio(months_in_month_units('orders'), 'active_units') }} as orders_per_month,
    {{ rounded_ratio('lifespan_units', months_in_month_units('lifespan_customers')) }} as expected_lifespan_months,
    {{ mean_amount('net_revenue * lifespan_units', '(active_units * lifespan_customers)') }} as formula_clv
from paces
