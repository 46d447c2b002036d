with

order_states as (
    select * from {{ ref('int_churn_order_states') }}
)

-- There is one state for each day with an order.
select
    customer_id,
    {{ days_between('order_date', 'next_order_date') }} as gap_days,
    next_order_date as gap_end_date
from order_states
where next_order_date is not null
