with

customers as (
    select * from {{ ref('int_customers') }}
),

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
)

-- Who was referred counts in the month of registration, else of the first order.
select
    customers.customer_id,
    customers.referrer_customer_id,
    coalesce(customer_orders.orders, 0) as orders,
    customer_orders.net_revenue,
    customer_orders.days_since_first_order,
    customer_orders.days_to_second_order,
    {{ month_of("coalesce(" ~ local_date('customers.registered_at') ~ ", customer_orders.first_order_date)") }} as month
from customers
left join customer_orders on customer_orders.customer_id = customers.customer_id
where customers.referrer_customer_id is not null
