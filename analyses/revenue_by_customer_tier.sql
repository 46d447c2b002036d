-- What share of the year's revenue comes from each customer tier, and how does its revenue per customer compare with
-- the average?
with

customer_tier_summary as (select * from {{ ref('customer_tier_summary') }})

select
    customer_tier,
    label,
    label_zh,
    customers,
    customer_share,
    net_revenue_after_refunds,
    revenue_share,
    {{ mean_amount('net_revenue_after_refunds', 'customers') }} as revenue_per_customer,
    {{ rounded_ratio(
        '(net_revenue_after_refunds * window_customers)',
        '(window_net_revenue_after_refunds * customers)'
    ) }} as index_to_average
from customer_tier_summary
where customer_tier <> 'none'
order by net_revenue_after_refunds desc, customer_tier
