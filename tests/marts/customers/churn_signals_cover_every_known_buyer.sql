-- A buyer without a row is on no win-back list, and `customers` must hold the same churn risk.
with

customers as (select * from {{ ref('customers') }}),

customer_churn_signals as (select * from {{ ref('customer_churn_signals') }})

select coalesce(customers.customer_id, customer_churn_signals.customer_id) as customer_id
from customers
full outer join customer_churn_signals on customer_churn_signals.customer_id = customers.customer_id
where
    customers.customer_id is null
    or (customers.orders > 0 and customers.is_known_customer) <> (customer_churn_signals.customer_id is not null)
    or customers.churn_risk is distinct from customer_churn_signals.churn_risk
    or customer_churn_signals.churn_score not between 0 and 1
    or (customer_churn_signals.churn_score is null) <> (customer_churn_signals.churn_risk is null)
