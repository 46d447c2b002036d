with

base_refunds as (select * from {{ ref('base_refunds') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

stg_orders as (select * from {{ ref('stg_orders') }})

-- Some exports book money that went back as below 0, all of it or row by row.
select
    base_refunds.refund_id,
    base_refunds.order_id,
    base_refunds.customer_id,
    base_refunds.order_item_id,
    base_refunds.product_id,
    abs(base_refunds.quantity) as quantity,
    abs(base_refunds.amount) as amount,
    abs(base_refunds.goods_amount) as goods_amount,
    abs(base_refunds.shipping_amount) as shipping_amount,
    abs(base_refunds.tax_amount) as tax_amount,
    base_refunds.currency,
    base_refunds.reason,
    base_refunds.is_return,
    base_refunds.is_exchange,
    base_refunds.requested_at,
    base_refunds.refunded_at
from base_refunds
cross join stg_run_period
left join stg_orders on stg_orders.order_id = base_refunds.order_id
where
    base_refunds.is_current
    and (base_refunds.order_id is null or stg_orders.order_id is not null)
    and base_refunds.refunded_at < stg_run_period.as_of_end_at
