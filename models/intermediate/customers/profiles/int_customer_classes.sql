with

int_customers as (select * from {{ ref('int_customers') }}),

customer_ages as (select * from {{ ref('int_customer_ages') }}),

customer_lifecycle as (select * from {{ ref('int_customer_lifecycle') }}),

customer_frequency as (select * from {{ ref('int_customer_frequency') }})

select
    int_customers.customer_id,
    customer_ages.age_band,
    customer_lifecycle.lifecycle_stage,
    customer_frequency.frequency_band,
    customer_ages.age,
    customer_frequency.window_orders,
    customer_frequency.window_months,
    customer_frequency.orders_per_month
from int_customers
left join customer_ages on customer_ages.customer_id = int_customers.customer_id
left join customer_lifecycle on customer_lifecycle.customer_id = int_customers.customer_id
left join customer_frequency on customer_frequency.customer_id = int_customers.customer_id
