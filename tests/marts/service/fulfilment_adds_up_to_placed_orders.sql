-- An order in no row, or in two, would make the month of the service team differ from that of the shop.
with

order_fulfilment as (select * from {{ ref('order_fulfilment') }}),

placed_orders as (
    select * from {{ ref('orders') }} where is_placed
),

fulfilment_months as (
    select
        month,
        sum(placed) as placed,
        sum(cancelled) as cancelled
    from order_fulfilment
    group by month
),

order_months as (
    select
        order_month as month,
        count(*) as placed,
        count(*) filter (where invalid_reason = 'cancelled') as cancelled
    from placed_orders
    group by order_month
)

select
    coalesce(fulfilment_months.month, order_months.month) as month,
    fulfilment_months.placed as placed_in_fulfilment,
    order_months.placed as placed_in_orders,
    fulfilment_months.cancelled as cancelled_in_fulfilment,
    order_months.cancelled as cancelled_in_orders
from fulfilment_months
full join order_months on order_months.month = fulfilment_months.month
where
    coalesce(fulfilment_months.placed, 0) <> coalesce(order_months.placed, 0)
    or coalesce(fulfilment_months.cancelled, 0) <> coalesce(order_months.cancelled, 0)
