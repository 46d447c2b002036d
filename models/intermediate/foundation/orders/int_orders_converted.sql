with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

exchange_rates_daily as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

dated_orders as (
    select
        order_id,
        currency,
        discount_amount,
        shipping_amount,
        tax_amount,
        total_amount,
        {{ local_date('ordered_at') }} as order_date
    from stg_orders
)

select
    dated_orders.order_id,
    exchange_rates_daily.rate,
    {{ converted('coalesce(dated_orders.discount_amount, 0)', 'exchange_rates_daily.rate') }} as discount_amount,
    {{ converted('coalesce(dated_orders.shipping_amount, 0)', 'exchange_rates_daily.rate') }} as shipping_amount,
    {{ converted('coalesce(dated_orders.tax_amount, 0)', 'exchange_rates_daily.rate') }} as tax_amount,
    {{ converted('dated_orders.total_amount', 'exchange_rates_daily.rate') }} as total_amount,
    dated_orders.order_date
from dated_orders
inner join exchange_rates_daily
    on exchange_rates_daily.currency = dated_orders.currency
    and exchange_rates_daily.rate_date = dated_orders.order_date
