-- customer_rfm and customer_rfm_history must agree on the as-of date.
with

customer_rfm_history as (select * from {{ ref('customer_rfm_history') }}),

customer_rfm as (select * from {{ ref('customer_rfm') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select customer_rfm_history.customer_id
from customer_rfm_history
inner join stg_run_period on stg_run_period.as_of_date = customer_rfm_history.month_end_date
left join customer_rfm on customer_rfm.customer_id = customer_rfm_history.customer_id
where
    customer_rfm.rfm_cell is distinct from customer_rfm_history.rfm_cell
    or customer_rfm.customer_tier is distinct from customer_rfm_history.customer_tier
    or customer_rfm.monetary is distinct from customer_rfm_history.monetary
