with

products as (select * from {{ ref('int_products') }}),

product_availability as (select * from {{ ref('int_product_availability') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

stg_inventory_snapshots as (select * from {{ ref('stg_inventory_snapshots') }}),

-- Rank counts by date, latest first. There is at most one per day and product, so the latest is unique.
ranked_snapshots as (
    select
        product_id,
        on_hand_quantity,
        on_order_quantity,
        snapshot_date,
        row_number() over (partition by product_id order by snapshot_date desc) as snapshot_rank
    from stg_inventory_snapshots
),

-- A product that was never counted is assumed to be in stock.
measured_products as (
    select
        products.product_id,
        ranked_snapshots.on_hand_quantity,
        ranked_snapshots.on_order_quantity,
        case
            when ranked_snapshots.product_id is not null then coalesce(product_availability.stock_out_days, 0)
        end as stock_out_days,
        coalesce(product_availability.offered_days - product_availability.stock_out_days, 0) as in_stock_days,
        coalesce(product_sales.recent_units, 0) as recent_units,
        coalesce(product_sales.recent_net_revenue, 0) as recent_net_revenue,
        ranked_snapshots.snapshot_date
    from products
    left join product_availability on product_availability.product_id = products.product_id
    left join product_sales on product_sales.product_id = products.product_id
    left join ranked_snapshots
        on ranked_snapshots.product_id = products.product_id
        and ranked_snapshots.snapshot_rank = 1
)

select
    product_id,
    on_hand_quantity,
    on_order_quantity,
    stock_out_days,
    in_stock_days,
    recent_units,
    recent_net_revenue,
    cast(
        cast({{ whole_quotient('1000000 * recent_units', 'in_stock_days') }} as decimal(22, 0)) * 0.000001
        as decimal(18, 6)
    ) as daily_units,
    {{ exact_ratio('cast(stock_out_days * recent_units as decimal(24, 3))', 'in_stock_days') }} as lost_sales_units,
    {{ mean_amount('stock_out_days * recent_net_revenue', 'in_stock_days') }} as lost_sales_estimate,
    {{ rounded_ratio(
        '(case when on_hand_quantity < 0 then 0 else on_hand_quantity end * in_stock_days)', 'recent_units'
    ) }} as days_of_cover,
    snapshot_date
from measured_products
