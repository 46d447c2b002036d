with

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

customer_values as (select * from {{ ref('int_customer_values') }}),

acquired_values as (
    select
        customer_acquisitions.acquisition_channel,
        customer_values.clv,
        customer_values.clv_from_acquisition,
        customer_values.covered_gross_margin,
        customer_values.covered_revenue,
        customer_acquisitions.acquisition_month as month
    from customer_acquisitions
    inner join customer_values on customer_values.customer_id = customer_acquisitions.customer_id
),

period_values as (
    select
        {{ period_of('month') }} as period,
        acquisition_channel,
        count(clv) as valued_customers,
        sum(clv) as total_clv,
        sum(clv_from_acquisition) as total_clv_from_acquisition,
        {{ money('sum(covered_gross_margin)') }} as covered_gross_margin,
        {{ money('sum(covered_revenue)') }} as covered_revenue
    from acquired_values
    group by grouping sets ((month, acquisition_channel), (acquisition_channel))
)

select
    period,
    acquisition_channel,
    valued_customers,
    {{ mean_amount('total_clv', 'valued_customers') }} as clv,
    {{ mean_amount('total_clv_from_acquisition', 'valued_customers') }} as clv_from_acquisition,
    covered_gross_margin,
    covered_revenue
from period_values
