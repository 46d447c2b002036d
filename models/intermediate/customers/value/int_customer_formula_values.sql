with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

clv_rules as (select * from {{ ref('clv_rules') }}),

channel_lifespans as (
    select
        acquisition_channel,
        count(retained_days) as customers,
        coalesce(sum(retained_days), 0) as retained_days
    from customer_acquisitions
    group by acquisition_channel
),

shop_lifespans as (
    select
        sum(customers) as customers,
        sum(retained_days) as retained_days
    from channel_lifespans
),

-- A channel with too few customers of known lifespan takes the mean of the shop.
expected_lifespans as (
    select
        channel_lifespans.acquisition_channel,
        case
            when channel_lifespans.customers >= clv_rules.min_lifespan_customers then channel_lifespans.customers
            else greatest(shop_lifespans.customers, 1)
        end as customers,
        case
            when channel_lifespans.customers >= clv_rules.min_lifespan_customers then channel_lifespans.retained_days
            else shop_lifespans.retained_days
        end as retained_days
    from channel_lifespans
    cross join shop_lifespans
    cross join clv_rules
),

-- Time is in whole units of a month, so that division is exact. Active time is at least one month, and so is the mean
-- lifespan of `lifespan_customers`.
active_times as (
    select
        customer_orders.customer_id,
        customer_orders.orders,
        customer_orders.net_revenue_after_refunds,
        customer_orders.aov,
        cast(greatest(
            {{ months_in_month_units(1) }}, {{ days_in_month_units('customer_orders.order_span_days') }}
        ) as bigint) as active_units,
        cast({{ days_in_month_units('customer_orders.days_since_first_order') }} as bigint) as age_units,
        cast(expected_lifespans.customers as bigint) as lifespan_customers,
        cast(greatest(
            {{ days_in_month_units('expected_lifespans.retained_days') }},
            {{ months_in_month_units('expected_lifespans.customers') }}
        ) as bigint) as lifespan_units
    from customer_orders
    inner join customer_acquisitions on customer_acquisitions.customer_id = customer_orders.customer_id
    inner join expected_lifespans on expected_lifespans.acquisition_channel = customer_acquisitions.acquisition_channel
)

-- formula_clv is net revenue after refunds per order x orders per month x months: what came back is no value. The
-- number of orders cancels out, so that the value is rounded only once.
select
    customer_id,
    aov,
    {{ rounded_ratio(months_in_month_units('orders'), 'active_units') }} as orders_per_month,
    {{ rounded_ratio('lifespan_units', months_in_month_units('lifespan_customers')) }} as expected_lifespan_months,
    {{ mean_amount('net_revenue_after_refunds * lifespan_units', '(active_units * lifespan_customers)') }}
    as formula_clv,
    -- The part of the lifespan that lies in the next 365 days.
    {{ mean_amount(
        'net_revenue_after_refunds * greatest(least(lifespan_units - age_units * lifespan_customers, '
        ~ days_in_month_units(365) ~ ' * lifespan_customers), 0)',
        '(active_units * lifespan_customers)'
    ) }} as formula_clv_365d
from active_times
