with

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

acquired_customers as (
    select
        customer_acquisitions.acquisition_month as month,
        customer_acquisitions.acquisition_channel,
        customer_acquisitions.retained_days,
        customer_acquisitions.has_repurchased_90d,
        coalesce(covered_days.is_channel_day, false) as is_on_common_day
    from customer_acquisitions
    left join covered_days on covered_days.date = customer_acquisitions.acquisition_date
)

select
    {{ period_of('month') }} as period,
    acquisition_channel,
    count(*) as new_customers,
    count(*) filter (where is_on_common_day) as new_customers_on_common_days,
    count(has_repurchased_90d) as repurchase_customers,
    count(*) filter (where has_repurchased_90d) as repurchased_customers,
    count(retained_days) as retention_customers,
    cast(sum(retained_days) as bigint) as retained_days,
    month
from acquired_customers
group by grouping sets ((month, acquisition_channel), (acquisition_channel))
