with

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_order_items as (select * from {{ ref('stg_order_items') }}),

stg_refunds as (select * from {{ ref('stg_refunds') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

order_payments as (select * from {{ ref('int_order_payments') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

refunded_orders as (
    select distinct coalesce(stg_refunds.order_id, stg_order_items.order_id) as order_id
    from stg_refunds
    left join stg_order_items on stg_order_items.order_item_id = stg_refunds.order_item_id
)

select
    stg_orders.order_id,
    coalesce(
        {{ if_before('stg_orders.updated_at', 'stg_run_period.as_of_end_at') }},
        order_payments.last_refunded_at, stg_orders.completed_at, stg_orders.paid_at, stg_orders.ordered_at
    ) as refunded_at
from stg_orders
cross join stg_run_period
inner join orders_validated on orders_validated.order_id = stg_orders.order_id
left join order_payments on order_payments.order_id = stg_orders.order_id
left join refunded_orders on refunded_orders.order_id = stg_orders.order_id
where
    orders_validated.is_valid
    and coalesce(stg_orders.status = 'refunded' or order_payments.is_paid_back, false)
    and refunded_orders.order_id is null
