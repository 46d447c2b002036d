with

stg_payments as (select * from {{ ref('stg_payments') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }})

-- A refunded payment succeeded first.
select
    stg_payments.payment_id,
    stg_payments.order_id,
    coalesce(stg_payments.payment_method, 'unknown') as payment_method,
    case
        when stg_payments.status in ('succeeded', 'refunded') then 'succeeded'
        when stg_payments.status = 'failed' then 'failed'
        else 'pending'
    end as outcome,
    {{ converted('stg_payments.amount', 'exchange_rates_daily.rate') }} as amount,
    {{ month_of(local_date('stg_payments.attempted_at')) }} as attempted_month,
    stg_payments.attempted_at
from stg_payments
inner join orders_validated on orders_validated.order_id = stg_payments.order_id
left join exchange_rates_daily
    on exchange_rates_daily.currency = stg_payments.currency
    and exchange_rates_daily.rate_date = {{ local_date('stg_payments.attempted_at') }}
where not orders_validated.is_test
