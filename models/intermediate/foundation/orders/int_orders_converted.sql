with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

exchange_rates as (
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
    exchange_rates.rate,
    {{ converted('coalesce(dated_orders.discount_amount, 0)', 'exchange_rates.rate') }} as discount_amount,
    {{ converted('coalesce(dated_orders.shipping_amount, 0)', 'exchange_rates.rate') }} as shipping_amount,
    {{ converted('coalesce(dated_orders.tax_amount, 0)', 'exchange_rates.rate') }} as tax_amount,
    {{ converted('dated_orders.total_amount', 'exchange_rates.rate') }} as total_amount,
    dated_orders.order_date
from dated_orders
inner join exchange_rates
    on exchange_rates.currency = dated_orders.currency
    and exchange_rates.rate_date = dated_orders.order_date
