-- Cohorts must hold every buyer once and all of their orders, both over all channels and by channel. A missing customer
-- would bias retention.
with

retention_cohorts as (select * from {{ ref('retention_cohorts') }}),

retention_cohorts_overall as (select * from {{ ref('retention_cohorts_overall') }}),

customers as (select * from {{ ref('customers') }}),

-- Both sides must exist, so that a mart without one of them fails too.
expected_sides as (
    select 'all' as side
    union all
    select 'channels' as side
),

cohort_rows as (
    select 'channels' as side, months_since, cohort_customers, active_customers, orders, net_revenue
    from retention_cohorts
    union all
    select 'all' as side, months_since, cohort_customers, active_customers, orders, net_revenue
    from retention_cohorts_overall
),

cohort_totals as (
    select
        side,
        sum(case when months_since = 0 then cohort_customers else 0 end) as customers,
        sum(case when months_since = 0 then active_customers else 0 end) as first_month_customers,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue
    from cohort_rows
    group by side
),

customer_totals as (
    select
        count(*) as customers,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue
    from customers
    where
        orders > 0
        and is_known_customer
)

select
    expected_sides.side,
    cohort_totals.customers as cohort_customers,
    customer_totals.customers
from expected_sides
cross join customer_totals
left join cohort_totals on cohort_totals.side = expected_sides.side
where
    coalesce(cohort_totals.customers, 0) <> customer_totals.customers
    or coalesce(cohort_totals.first_month_customers, 0) <> customer_totals.customers
    or coalesce(cohort_totals.orders, 0) <> coalesce(customer_totals.orders, 0)
    or coalesce(cohort_totals.net_revenue, 0) <> coalesce(customer_totals.net_revenue, 0)
