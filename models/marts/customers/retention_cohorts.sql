with

cohort_retention as (select * from {{ ref('int_cohort_retention') }})

select
    acquisition_channel,
    months_since,
    cohort_customers,
    eligible_customers,
    active_customers,
    retention_rate,
    orders,
    net_revenue,
    covered_net_revenue,
    gross_margin,
    cumulative_orders,
    cumulative_net_revenue,
    cumulative_net_revenue_per_customer,
    cumulative_covered_net_revenue,
    cumulative_gross_margin,
    is_complete,
    cohort_month,
    activity_month
from cohort_retention
where acquisition_channel <> 'all'
