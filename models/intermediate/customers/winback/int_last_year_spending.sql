with

revenue_entries as (
    select * from {{ ref('int_customer_revenue_entries') }}
),

customer_orders as (
    select * from {{ ref('int_customer_orders') }}
)

select
    customer_orders.customer_id,
    {{ money('sum(revenue_entries.amount)') }} as last_year_spend
from customer_orders
inner join revenue_entries
    on revenue_entries.customer_id = customer_orders.customer_id
    and revenue_entries.entry_date <= customer_orders.last_order_date
    and revenue_entries.entry_date > {{ dbt.dateadd('day', -365, 'customer_orders.last_order_date') }}
where customer_orders.customer_id <> 'unknown'
group by customer_orders.customer_id
