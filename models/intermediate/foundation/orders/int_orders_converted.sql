with

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_order_items as (select * from {{ ref('stg_order_items') }}),

order_dates as (select * from {{ ref('int_order_dates') }}),

stg_order_discounts as (select * from {{ ref('stg_order_discounts') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

-- Of several codes the one that gave most off the goods is the order's.
ranked_codes as (
    select
        order_id,
        promotion_code,
        row_number() over (
            partition by order_id
            order by case when target = 'shipping' then 1 else 0 end, amount desc nulls last, promotion_code
        ) as code_rank
    from stg_order_discounts
    where promotion_code is not null
),

-- A line below 0 is a discount of its order.
discount_lines as (
    select
        order_id,
        -sum(cast(quantity as decimal(19, 3)) * cast(unit_price as decimal(19, 6))) as discount_amount
    from stg_order_items
    where unit_price < 0
    group by order_id
),

orders_discounted as (
    select
        stg_orders.order_id,
        cast(
            coalesce(stg_orders.discount_amount, 0) + coalesce(discount_lines.discount_amount, 0) as decimal(18, 6)
        ) as landed_discount_amount
    from stg_orders
    left join discount_lines on discount_lines.order_id = stg_orders.order_id
)

select
    stg_orders.order_id,
    coalesce(ranked_codes.promotion_code, stg_orders.promotion_code) as promotion_code,
    exchange_rates_daily.rate,
    orders_discounted.landed_discount_amount,
    {{ converted('orders_discounted.landed_discount_amount', 'exchange_rates_daily.rate') }} as discount_amount,
    {{ converted('coalesce(stg_orders.shipping_amount, 0)', 'exchange_rates_daily.rate') }} as shipping_amount,
    {{ converted('coalesce(stg_orders.shipping_discount_amount, 0)', 'exchange_rates_daily.rate') }}
    as shipping_discount_amount,
    {{ converted('coalesce(stg_orders.tax_amount, 0)', 'exchange_rates_daily.rate') }} as tax_amount,
    {{ converted('coalesce(stg_orders.fees_amount, 0)', 'exchange_rates_daily.rate') }} as fees_amount,
    {{ converted('coalesce(stg_orders.tip_amount, 0)', 'exchange_rates_daily.rate') }} as tip_amount,
    {{ converted('stg_orders.total_amount', 'exchange_rates_daily.rate') }} as total_amount,
    coalesce(stg_orders.prices_include_tax, false) as prices_include_tax,
    order_dates.order_date
from stg_orders
inner join orders_discounted on orders_discounted.order_id = stg_orders.order_id
inner join order_dates on order_dates.order_id = stg_orders.order_id
inner join exchange_rates_daily
    on exchange_rates_daily.currency = order_dates.currency
    and exchange_rates_daily.rate_date = order_dates.order_date
left join ranked_codes on ranked_codes.order_id = stg_orders.order_id and ranked_codes.code_rank = 1
