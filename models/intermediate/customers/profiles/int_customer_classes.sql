with

customers as (
    select * from {{ ref('int_customers') }}
),

customer_lifecycle as (
    select * from {{ ref('int_customer_lifecycle') }}
),

customer_value_tiers as (
    select * from {{ ref('int_customer_value_tiers') }}
),

customer_frequency as (
    select * from {{ ref('int_customer_frequency') }}
),

customer_churn_risks as (
    select * from {{ ref('int_customer_churn_risks') }}
),

people_shopper_types as (
    select * from {{ ref('int_people_shopper_types') }}
)

select
    customers.customer_id,
    customer_lifecycle.lifecycle_stage,
    customer_value_tiers.value_tier,
    customer_frequency.frequency_band,
    customer_churn_risks.churn_risk,
    people_shopper_types.shopper_type,
    customer_frequency.window_orders,
    customer_frequency.window_months,
    customer_frequency.orders_per_month
from customers
left join customer_lifecycle on customer_lifecycle.customer_id = customers.customer_id
left join customer_value_tiers on customer_value_tiers.customer_id = customers.customer_id
left join customer_frequency on customer_frequency.customer_id = customers.customer_id
left join customer_churn_risks on customer_churn_risks.customer_id = customers.customer_id
left join people_shopper_types on people_shopper_types.person_id = customers.customer_id
