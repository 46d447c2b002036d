with

clv_cutoffs as (
    select * from {{ ref('int_clv_cutoffs') }}
),

revenue_entries as (
    select * from {{ ref('int_customer_revenue_entries') }}
),

-- As the models see purchases: orders of one day are one, less its refunds and the credit notes of that day.
order_days as (
    select
        revenue_entries.customer_id,
        sum(revenue_entries.amount) as order_value,
        clv_cutoffs.cutoff_date,
        revenue_entries.entry_date as order_date
    from revenue_entries
    inner join clv_cutoffs on clv_cutoffs.cutoff_date < revenue_entries.entry_date
    where
        not clv_cutoffs.is_as_of
        and revenue_entries.customer_id <> 'unknown'
    group by revenue_entries.customer_id, clv_cutoffs.cutoff_date, revenue_entries.entry_date
    having count(*) filter (where revenue_entries.entry_type = 'order') > 0
)

select
    customer_id,
    count(*) as actual_orders,
    {{ money('sum(order_value)') }} as actual_value,
    cutoff_date
from order_days
group by customer_id, cutoff_date
