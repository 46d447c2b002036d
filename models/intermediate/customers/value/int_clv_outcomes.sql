with

clv_cutoffs as (select * from {{ ref('int_clv_cutoffs') }}),

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

-- Purchases as the models count them: orders of one day are one, less their refunds and the credit notes of that day.
later_order_days as (
    select
        customer_revenue_entries.customer_id,
        sum(customer_revenue_entries.amount) as order_value,
        clv_cutoffs.cutoff_date,
        customer_revenue_entries.entry_date as order_date
    from customer_revenue_entries
    inner join clv_cutoffs on clv_cutoffs.cutoff_date < customer_revenue_entries.entry_date
    where
        not clv_cutoffs.is_as_of
        and customer_revenue_entries.is_known_customer
    group by customer_revenue_entries.customer_id, clv_cutoffs.cutoff_date, customer_revenue_entries.entry_date
    having count(*) filter (where customer_revenue_entries.entry_type = 'order') > 0
)

select
    customer_id,
    count(*) as actual_orders,
    {{ money('sum(order_value)') }} as actual_value,
    cutoff_date
from later_order_days
group by customer_id, cutoff_date
