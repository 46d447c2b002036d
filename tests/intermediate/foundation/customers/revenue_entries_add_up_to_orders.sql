-- The refund entries of each order, which RFM reads, must add up to the refund amounts of that order.
with

customer_revenue_entries as (select * from {{ ref('int_customer_revenue_entries') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

customer_entries as (
    select
        customer_id,
        sum(case when entry_type <> 'credit_note' then amount else 0 end) as amount
    from customer_revenue_entries
    group by customer_id
),

customer_totals as (
    select
        customer_id,
        sum(net_revenue_after_refunds) as amount
    from orders_valued
    where is_valid
    group by customer_id
)

select
    coalesce(customer_entries.customer_id, customer_totals.customer_id) as customer_id,
    customer_entries.amount as entry_amount,
    customer_totals.amount as order_amount
from customer_entries
full join customer_totals on customer_totals.customer_id = customer_entries.customer_id
where coalesce(customer_entries.amount, 0) <> coalesce(customer_totals.amount, 0)
