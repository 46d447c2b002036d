with

customer_acquisitions as (
    select * from {{ ref('int_customer_acquisitions') }}
),

customer_months as (
    select * from {{ ref('int_customer_months') }}
),

cohort_months as (
    select
        customer_acquisitions.channel,
        {{ calendar_months_between(
            'customer_acquisitions.acquisition_month', 'customer_months.order_month'
        ) }} as months_since,
        customer_months.orders,
        customer_months.costed_orders,
        customer_months.net_revenue,
        customer_months.covered_net_revenue,
        customer_months.covered_gross_margin,
        customer_acquisitions.acquisition_month as cohort_month
    from customer_acquisitions
    inner join customer_months on customer_months.customer_id = customer_acquisitions.customer_id
)

select
    case when grouping(channel) = 1 then 'all' else channel end as acquisition_channel,
    months_since,
    count(*) as active_customers,
    cast(sum(orders) as bigint) as orders,
    cast(sum(costed_orders) as bigint) as costed_orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    {{ money('sum(covered_net_revenue)') }} as covered_net_revenue,
    {{ money('sum(covered_gross_margin)') }} as covered_gross_margin,
    cohort_month
from cohort_months
group by grouping sets ((cohort_month, months_since, channel), (cohort_month, months_since))
