with

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

acquired_customers as (
    select
        acquisition_month as month,
        acquisition_channel,
        retained_days,
        has_repurchased_90d
    from customer_acquisitions
)

select
    {{ period_of('month') }} as period,
    acquisition_channel,
    count(*) as new_customers,
    count(has_repurchased_90d) as repurchase_customers,
    count(*) filter (where has_repurchased_90d) as repurchased_customers,
    count(retained_days) as retention_customers,
    cast(sum(retained_days) as bigint) as retained_days,
    month
from acquired_customers
group by grouping sets ((month, acquisition_channel), (acquisition_channel))
