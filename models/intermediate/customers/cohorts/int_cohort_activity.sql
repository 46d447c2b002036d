with

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

valid_orders as (
    select * from {{ ref('int_orders_valued') }} where is_valid and is_known_customer
),

-- The margin of an order is unknown if no line has a cost.
customer_months as (
    select
        valid_orders.customer_id,
        count(*) as orders,
        {{ costed_orders('valid_orders') }} as costed_orders,
        sum(valid_orders.net_revenue) as net_revenue,
        sum(valid_orders.covered_net_revenue) as covered_net_revenue,
        sum(valid_orders.covered_gross_margin) as covered_gross_margin,
        valid_orders.order_month
    from valid_orders
    group by valid_orders.customer_id, valid_orders.order_month
),

cohort_months as (
    select
        customer_acquisitions.acquisition_channel,
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
    case when grouping(acquisition_channel) = 1 then 'all' else acquisition_channel end as acquisition_channel,
    months_since,
    count(*) as active_customers,
    cast(sum(orders) as bigint) as orders,
    cast(sum(costed_orders) as bigint) as costed_orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    {{ money('sum(covered_net_revenue)') }} as covered_net_revenue,
    {{ money('sum(covered_gross_margin)') }} as covered_gross_margin,
    cohort_month
from cohort_months
group by grouping sets ((cohort_month, months_since, acquisition_channel), (cohort_month, months_since))
