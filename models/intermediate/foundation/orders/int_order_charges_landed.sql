{%- set without_tax_share -%}
    case
        when landed_charges.prices_include_tax then 1 - coalesce(least({{ exact_share(
            'landed_charges.tax_amount', '(priced_landed_goods.goods_price + landed_charges.taxed_shipping)'
        ) }}, 1), 0)
        else 1
    end
{%- endset -%}
with

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

landed_line_sums as (
    select
        order_line_roots.order_id,
        sum(case when order_line_roots.line_type = 'goods' then order_lines_converted.landed_value else 0 end)
        as goods_value,
        sum(case when order_line_roots.line_type <> 'goods' then order_lines_converted.landed_value else 0 end)
        as other_value,
        sum(case when order_line_roots.line_type = 'shipping' then order_lines_converted.landed_value else 0 end)
        as shipping_value
    from order_line_roots
    inner join order_lines_converted on order_lines_converted.order_item_id = order_line_roots.order_item_id
    group by order_line_roots.order_id
),

landed_charges as (
    select
        stg_orders.order_id,
        stg_orders.currency,
        stg_orders.total_amount,
        coalesce(stg_orders.tax_amount, 0) as tax_amount,
        orders_converted.prices_include_tax,
        coalesce(landed_line_sums.goods_value, 0) - orders_converted.landed_discount_amount as goods_value,
        coalesce(landed_line_sums.shipping_value, 0)
        + greatest(coalesce(stg_orders.shipping_amount, 0) - coalesce(stg_orders.shipping_discount_amount, 0), 0)
        as taxed_shipping,
        coalesce(landed_line_sums.other_value, 0)
        + greatest(coalesce(stg_orders.shipping_amount, 0) - coalesce(stg_orders.shipping_discount_amount, 0), 0)
        + case when orders_converted.prices_include_tax then 0 else coalesce(stg_orders.tax_amount, 0) end
        + coalesce(stg_orders.fees_amount, 0) + coalesce(stg_orders.tip_amount, 0) as charged_beside
    from stg_orders
    inner join orders_converted on orders_converted.order_id = stg_orders.order_id
    left join landed_line_sums on landed_line_sums.order_id = stg_orders.order_id
),

priced_landed_goods as (
    select
        landed_charges.order_id,
        greatest(
            case
                when inputs_present.has_order_items then landed_charges.goods_value
                else landed_charges.total_amount - landed_charges.charged_beside
            end, 0
        ) as goods_price
    from landed_charges
    cross join inputs_present
)

select
    landed_charges.order_id,
    landed_charges.currency,
    cast(priced_landed_goods.goods_price * {{ without_tax_share }} as decimal(19, 6)) as landed_goods_charged,
    cast(landed_charges.taxed_shipping * {{ without_tax_share }} as decimal(19, 6)) as landed_shipping_charged,
    cast(priced_landed_goods.goods_price as decimal(19, 6)) as landed_goods_price,
    cast(priced_landed_goods.goods_price + landed_charges.charged_beside as decimal(19, 6)) as landed_charged,
    landed_charges.total_amount as landed_total_amount
from landed_charges
inner join priced_landed_goods on priced_landed_goods.order_id = landed_charges.order_id
