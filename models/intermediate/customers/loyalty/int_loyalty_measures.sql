with

customer_orders as (select * from {{ ref('int_customer_orders') }}),

int_customer_rfm as (select * from {{ ref('int_customer_rfm') }}),

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

customer_opinions as (select * from {{ ref('int_customer_opinions') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

repeat_order_days as (
    select
        customer_id,
        count(distinct entry_date) - 1 as repeat_order_days
    from customer_revenue_entries
    where entry_type = 'order'
    group by customer_id
)

select
    customer_orders.customer_id,
    coalesce(int_customer_rfm.frequency, 0) as window_orders,
    {{ money('coalesce(int_customer_rfm.monetary, 0)') }} as window_spend,
    repeat_order_days.repeat_order_days,
    coalesce(customer_opinions.intent_answers, 0) as intent_answers,
    customer_opinions.intent_score_sum,
    {{ zero_if_landed('customer_opinions.complaints', 'inputs_present.has_support_tickets') }} as complaints,
    stg_run_period.as_of_date
from customer_orders
cross join inputs_present
cross join stg_run_period
left join int_customer_rfm
    on int_customer_rfm.customer_id = customer_orders.customer_id
    and int_customer_rfm.rfm_date = stg_run_period.as_of_date
inner join repeat_order_days on repeat_order_days.customer_id = customer_orders.customer_id
left join customer_opinions on customer_opinions.customer_id = customer_orders.customer_id
where
    customer_orders.orders > 0
    and customer_orders.is_known_customer
