with

stg_order_items as (select * from {{ ref('stg_order_items') }}),

stg_products as (select * from {{ ref('stg_products') }}),

order_dates as (select * from {{ ref('int_order_dates') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

-- A product may have a different currency from the order; without a rate of that day its prices are unknown.
priced_lines as (
    select
        stg_order_items.order_item_id,
        stg_order_items.order_id,
        stg_order_items.product_id,
        stg_order_items.quantity,
        stg_order_items.unit_price,
        stg_order_items.discount_amount,
        stg_products.list_price,
        coalesce(stg_order_items.unit_cost, stg_products.unit_cost) as unit_cost,
        case when stg_order_items.unit_cost is null then product_rates.rate else order_rates.rate end as cost_rate,
        product_rates.rate as product_rate,
        order_rates.rate as order_rate
    from stg_order_items
    inner join order_dates on order_dates.order_id = stg_order_items.order_id
    inner join exchange_rates_daily as order_rates
        on order_rates.currency = order_dates.currency
        and order_rates.rate_date = order_dates.order_date
    left join stg_products on stg_products.product_id = stg_order_items.product_id
    left join exchange_rates_daily as product_rates
        on product_rates.currency = stg_products.currency
        and product_rates.rate_date = order_dates.order_date
    where stg_order_items.unit_price >= 0
),

converted_lines as (
    select
        order_item_id,
        order_id,
        product_id,
        quantity,
        unit_cost,
        cost_rate,
        {{ converted('unit_price', 'order_rate') }} as unit_price,
        {{ converted('list_price', 'product_rate') }} as list_price,
        {{ converted_line('quantity', 'unit_price', 'order_rate') }} as gross_amount,
        {{ converted_line('quantity', 'list_price', 'product_rate') }} as list_amount,
        {{ converted('coalesce(discount_amount, 0)', 'order_rate') }} as landed_discount_amount,
        greatest(
            cast(quantity as decimal(19, 3)) * cast(unit_price as decimal(19, 6)) - coalesce(discount_amount, 0), 0
        ) as landed_value
    from priced_lines
)

select
    order_item_id,
    order_id,
    product_id,
    quantity,
    unit_price,
    list_price,
    unit_cost,
    cost_rate,
    -- The unit price counts where it is above the list price, or where no list price is known.
    case when list_amount > gross_amount then list_amount else gross_amount end as gmv,
    gross_amount,
    least(landed_discount_amount, gross_amount) as item_discount_amount,
    cast(gross_amount - least(landed_discount_amount, gross_amount) as decimal(18, 2)) as line_value,
    landed_value,
    landed_discount_amount > gross_amount as is_item_discount_capped
from converted_lines
