with

stg_orders as (select * from {{ ref('stg_orders') }}),

order_dates as (select * from {{ ref('int_order_dates') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }})

select
    stg_orders.order_id,
    exchange_rates_daily.rate,
    {{ converted('coalesce(stg_orders.discount_amount, 0)', 'exchange_rates_daily.rate') }} as discount_amount,
    {{ converted('coalesce(stg_orders.shipping_amount, 0)', 'exchange_rates_daily.rate') }} as shipping_amount,
    {{ converted('coalesce(stg_orders.shipping_discount_amount, 0)', 'exchange_rates_daily.rate') }}
    as shipping_discount_amount,
    {{ converted('coalesce(stg_orders.tax_amount, 0)', 'exchange_rates_daily.rate') }} as tax_amount,
    {{ converted('coalesce(stg_orders.fees_amount, 0)', 'exchange_rates_daily.rate') }} as fees_amount,
    {{ converted('coalesce(stg_orders.tip_amount, 0)', 'exchange_rates_daily.rate') }} as tip_amount,
    {{ converted('stg_orders.total_amount', 'exchange_rates_daily.rate') }} as total_amount,
    order_dates.order_date
from stg_orders
inner join order_dates on order_dates.order_id = stg_orders.order_id
inner join exchange_rates_daily
    on exchange_rates_daily.currency = order_dates.currency
    and exchange_rates_daily.rate_date = order_dates.order_date
