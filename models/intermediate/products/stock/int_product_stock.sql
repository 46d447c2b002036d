with

products as (select * from {{ ref('int_products') }}),

product_availability as (select * from {{ ref('int_product_availability') }}),

product_sales as (select * from {{ ref('int_product_sales') }}),

earlier_demand as (select * from {{ ref('int_earlier_demand') }}),

stock_counts as (select * from {{ ref('int_stock_counts') }}),

stock_rules as (select * from {{ ref('stock_rules') }}),

-- A product that was never counted is assumed to be in stock. One that was out of stock for most of the recent period
-- has the demand of earlier days.
stocked_products as (
    select
        products.product_id,
        stock_counts.counted_quantity,
        stock_counts.sold_units,
        stock_counts.returned_units,
        stock_counts.on_hand_quantity,
        stock_counts.on_order_quantity,
        stock_counts.count_age_days,
        coalesce(product_availability.offered_days, 0) as offered_days,
        case
            when stock_counts.product_id is not null then coalesce(product_availability.stock_out_days, 0)
        end as stock_out_days,
        coalesce(product_availability.in_stock_days, 0) as in_stock_days,
        coalesce(earlier_demand.demand_days, product_availability.in_stock_days, 0) as demand_days,
        case
            when earlier_demand.product_id is not null then earlier_demand.demand_units
            else coalesce(product_sales.recent_units, 0)
        end as demand_units,
        case
            when earlier_demand.product_id is not null then earlier_demand.demand_net_revenue
            else coalesce(product_sales.recent_net_revenue, 0)
        end as demand_net_revenue,
        stock_counts.snapshot_date
    from products
    cross join stock_rules
    left join product_availability on product_availability.product_id = products.product_id
    left join product_sales on product_sales.product_id = products.product_id
    left join stock_counts on stock_counts.product_id = products.product_id
    left join earlier_demand
        on earlier_demand.product_id = products.product_id
        and product_availability.in_stock_days < product_availability.offered_days
        and product_availability.in_stock_days < stock_rules.min_demand_days
)

select
    product_id,
    counted_quantity,
    sold_units,
    returned_units,
    on_hand_quantity,
    on_order_quantity,
    count_age_days,
    offered_days,
    stock_out_days,
    in_stock_days,
    demand_days,
    demand_units,
    demand_net_revenue,
    cast(
        cast({{ whole_quotient('1000000 * demand_units', 'demand_days') }} as decimal(22, 0)) * 0.000001
        as decimal(18, 6)
    ) as daily_units,
    {{ exact_ratio('cast(stock_out_days * demand_units as decimal(24, 3))', 'demand_days') }} as lost_sales_units,
    {{ mean_amount('stock_out_days * demand_net_revenue', 'demand_days') }} as lost_sales_estimate,
    {{ rounded_ratio(
        '(case when on_hand_quantity < 0 then 0 else on_hand_quantity end * demand_days)', 'demand_units'
    ) }} as days_of_cover,
    snapshot_date
from stocked_products
