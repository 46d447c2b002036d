with

base_payments as (select * from {{ ref('base_payments') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

stg_orders as (select * from {{ ref('stg_orders') }})

select
    base_payments.payment_id,
    base_payments.order_id,
    base_payments.attempted_at,
    base_payments.payment_method,
    base_payments.status,
    base_payments.amount,
    base_payments.currency
from base_payments
cross join stg_run_period
inner join stg_orders on stg_orders.order_id = base_payments.order_id
where
    base_payments.is_current
    and base_payments.attempted_at < stg_run_period.as_of_end_at
