with

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

clv_cutoffs as (select * from {{ ref('int_clv_cutoffs') }}),

-- Orders of one day are one purchase. Its value is after their refunds and the credit notes of that day. A credit note
-- on a day without an order belongs to no purchase.
known_order_days as (
    select
        customer_revenue_entries.customer_id,
        sum(customer_revenue_entries.amount) as order_value,
        clv_cutoffs.cutoff_date,
        customer_revenue_entries.entry_date as order_date
    from customer_revenue_entries
    inner join clv_cutoffs on clv_cutoffs.cutoff_date >= customer_revenue_entries.known_date
    where customer_revenue_entries.is_known_customer
    group by customer_revenue_entries.customer_id, clv_cutoffs.cutoff_date, customer_revenue_entries.entry_date
    having count(*) filter (where customer_revenue_entries.entry_type = 'order') > 0
),

dated_order_days as (
    select
        customer_id,
        order_value,
        cutoff_date,
        order_date,
        min(order_date) over (partition by customer_id, cutoff_date) as first_order_date
    from known_order_days
),

flagged_order_days as (
    select
        customer_id,
        order_value,
        cutoff_date,
        order_date,
        first_order_date,
        order_date > first_order_date as is_repeat,
        order_date > first_order_date and order_value > 0 as is_paid_repeat
    from dated_order_days
)

select
    customer_id,
    count(*) filter (where is_repeat) as repeat_days,
    {{ days_between('first_order_date', 'max(order_date)') }} as recency_days,
    {{ days_between('first_order_date', 'cutoff_date') }} as age_days,
    count(*) filter (where is_paid_repeat) as positive_repeat_days,
    {{ money('coalesce(sum(order_value) filter (where is_paid_repeat), 0)') }} as positive_repeat_value,
    cutoff_date
from flagged_order_days
group by customer_id, cutoff_date, first_order_date
