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

churn_scores as (
    select * from {{ ref('int_churn_scores') }}
),

people_shopper_types as (
    select * from {{ ref('int_people_shopper_types') }}
)

select
    customers.customer_id,
    customer_lifecycle.lifecycle_stage,
    customer_value_tiers.value_tier,
    customer_frequency.frequency_band,
    churn_scores.churn_risk,
    people_shopper_types.shopper_type,
    customer_frequency.window_orders,
    customer_frequency.window_months,
    customer_frequency.orders_per_month
from customers
left join customer_lifecycle on customer_lifecycle.customer_id = customers.customer_id
left join customer_value_tiers on customer_value_tiers.customer_id = customers.customer_id
left join customer_frequency on customer_frequency.customer_id = customers.customer_id
left join churn_scores
    on churn_scores.customer_id = customers.customer_id
    and churn_scores.is_as_of
left join people_shopper_types on people_shopper_types.person_id = customers.customer_id
