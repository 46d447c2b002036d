with

int_customers as (select * from {{ ref('int_customers') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

customer_acquisitions as (select * from {{ ref('int_customer_acquisitions') }})

select
    int_customers.customer_id,
    int_customers.referrer_customer_id,
    coalesce(customer_orders.orders, 0) as orders,
    customer_orders.net_revenue,
    customer_acquisitions.has_repurchased_90d,
    {{ month_of(
        "coalesce(" ~ local_date('int_customers.registered_at') ~ ", customer_orders.first_order_date)"
    ) }} as month
from int_customers
left join customer_orders on customer_orders.customer_id = int_customers.customer_id
left join customer_acquisitions on customer_acquisitions.customer_id = int_customers.customer_id
where int_customers.referrer_customer_id is not null
