with

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
),

customer_rfm as (
    select * from {{ ref('int_customer_rfm') }}
),

order_day_gaps as (
    select * from {{ ref('int_order_day_gaps') }}
),

opinions as (
    select * from {{ ref('int_customer_opinions') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- Every gap between days with an order ends in one more of them.
repeat_days as (
    select
        customer_id,
        count(*) as repeat_order_days
    from order_day_gaps
    group by customer_id
)

select
    customer_orders.customer_id,
    coalesce(customer_rfm.frequency, 0) as window_orders,
    {{ money('coalesce(customer_rfm.monetary, 0)') }} as window_spend,
    coalesce(repeat_days.repeat_order_days, 0) as repeat_order_days,
    coalesce(opinions.intent_answers, 0) as intent_answers,
    opinions.intent_score_sum,
    {{ zero_if_landed('opinions.complaints', 'inputs_present.has_support_tickets') }} as complaints,
    run_period.as_of_date
from customer_orders
cross join inputs_present
cross join run_period
left join customer_rfm
    on customer_rfm.customer_id = customer_orders.customer_id
    and customer_rfm.rfm_date = run_period.as_of_date
left join repeat_days on repeat_days.customer_id = customer_orders.customer_id
left join opinions on opinions.customer_id = customer_orders.customer_id
where
    customer_orders.orders > 0
    and customer_orders.customer_id <> 'unknown'
