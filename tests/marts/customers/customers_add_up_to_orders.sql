-- Revenue that is in no customer's row, or in two rows, makes every share of value wrong.
with

customers as (select * from {{ ref('customers') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

customer_totals as (
    select
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(net_revenue_after_refunds), 0) as net_revenue_after_refunds
    from customers
),

order_totals as (
    select
        count(*) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(net_revenue_after_refunds), 0) as net_revenue_after_refunds
    from orders_valued
    where is_valid
),

credit_notes as (
    select coalesce(sum(goods_amount), 0) as amount from refunds_valued where is_credit_note
)

select
    customer_totals.*,
    order_totals.orders as order_count,
    order_totals.net_revenue as order_net_revenue,
    credit_notes.amount as credit_notes
from customer_totals
cross join order_totals
cross join credit_notes
-- Without orders landed, what a customer bought is unknown.
cross join inputs_present
where
    inputs_present.has_orders
    and (
        customer_totals.orders <> order_totals.orders
        or customer_totals.net_revenue <> order_totals.net_revenue
        or customer_totals.net_revenue_after_refunds <> order_totals.net_revenue_after_refunds - credit_notes.amount
    )
