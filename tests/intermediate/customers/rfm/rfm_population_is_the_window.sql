-- RFM on the as-of date must cover exactly the customers with an order in the window. One more or one fewer could
-- change every score and share.
with

customer_rfm_measures as (select * from {{ ref('int_customer_rfm_measures') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

window_customers as (
    select customer_id
    from customer_orders
    where
        days_since_last_order < {{ var('rfm_window_days', 365) }}
        and customer_id <> 'unknown'
),

measured_customers as (
    select customer_rfm_measures.customer_id
    from customer_rfm_measures
    inner join stg_run_period on stg_run_period.as_of_date = customer_rfm_measures.rfm_date
)

select coalesce(window_customers.customer_id, measured_customers.customer_id) as customer_id
from window_customers
full join measured_customers on measured_customers.customer_id = window_customers.customer_id
where
    window_customers.customer_id is null
    or measured_customers.customer_id is null
