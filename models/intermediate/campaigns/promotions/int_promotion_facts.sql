{%- set has_orders = 'inputs_present.has_orders' -%}
{%- set has_costs = 'inputs_present.has_orders and inputs_present.has_costs' -%}
{%- set has_lines = 'inputs_present.has_orders and inputs_present.has_order_items' -%}
with

promotions_dated as (select * from {{ ref('int_promotions_dated') }}),

promotion_sales as (select * from {{ ref('int_promotion_sales') }}),

promotion_comparisons as (select * from {{ ref('int_promotion_comparisons') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }})

-- A promotion without orders sold 0; where the shop lands no orders, sales are unknown.
select
    promotions_dated.promotion_code,
    promotions_dated.promotion_name,
    promotions_dated.promotion_type,
    {{ zero_if_landed('promotion_sales.orders', has_orders) }} as orders,
    {{ zero_if_landed('promotion_sales.orders_outside_dates', has_orders) }} as orders_outside_dates,
    {{ zero_if_landed('promotion_sales.customers', has_orders) }} as customers,
    {{ zero_if_landed('promotion_sales.new_customers', has_orders) }} as new_customers,
    {{ zero_if_landed('promotion_sales.costed_orders', has_orders) }} as costed_orders,
    {{ money(zero_if_landed('promotion_sales.gross_amount', has_orders)) }} as gross_amount,
    {{ money(zero_if_landed('promotion_sales.item_discount_amount', has_lines)) }} as item_discount_amount,
    {{ money(zero_if_landed('promotion_sales.order_discount_amount', has_orders)) }} as order_discount_amount,
    {{ money(zero_if_landed('promotion_sales.shipping_discount_amount', has_orders)) }} as shipping_discount_amount,
    {{ money(zero_if_landed('promotion_sales.net_revenue', has_orders)) }} as net_revenue,
    {{ money(zero_if_landed('promotion_sales.covered_net_revenue', has_orders)) }} as covered_net_revenue,
    {{ money(zero_if_landed('promotion_sales.covered_gross_margin', has_costs)) }} as covered_gross_margin,
    {{ zero_if_landed('promotion_comparisons.orders_without', has_orders) }} as orders_without,
    {{ money(zero_if_landed('promotion_comparisons.net_revenue_without', has_orders)) }} as net_revenue_without,
    {{ money(zero_if_landed('promotion_comparisons.covered_net_revenue_without', has_orders)) }}
    as covered_net_revenue_without,
    {{ money(zero_if_landed('promotion_comparisons.covered_gross_margin_without', has_costs)) }}
    as covered_gross_margin_without,
    promotions_dated.is_known,
    promotions_dated.is_complete,
    promotions_dated.start_date,
    promotions_dated.end_date
from promotions_dated
cross join inputs_present
left join promotion_sales on promotion_sales.promotion_code = promotions_dated.promotion_code
left join promotion_comparisons on promotion_comparisons.promotion_code = promotions_dated.promotion_code
