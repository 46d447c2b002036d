with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

line_sums as (
    select
        order_line_roots.order_id,
        sum(case when order_line_roots.line_type = 'goods' then order_lines_converted.line_value else 0 end)
        as goods_value,
        sum(case when order_line_roots.line_type <> 'goods' then order_lines_converted.line_value else 0 end)
        as other_value,
        sum(case when order_line_roots.line_type = 'shipping' then order_lines_converted.line_value else 0 end)
        as shipping_value,
        count(*) filter (where order_line_roots.line_type <> 'goods') as other_lines
    from order_line_roots
    inner join order_lines_converted on order_lines_converted.order_item_id = order_line_roots.order_item_id
    group by order_line_roots.order_id
),

charges as (
    select
        orders_converted.order_id,
        orders_converted.discount_amount,
        orders_converted.total_amount,
        orders_converted.tax_amount,
        orders_converted.prices_include_tax,
        coalesce(line_sums.goods_value, 0) as goods_value,
        coalesce(line_sums.shipping_value, 0) as shipping_value,
        greatest(orders_converted.shipping_amount - orders_converted.shipping_discount_amount, 0)
        as charged_shipping_amount,
        coalesce(line_sums.other_value, 0) + orders_converted.fees_amount + orders_converted.tip_amount
        as other_charges_amount,
        coalesce(line_sums.other_lines, 0)
        + case when orders_converted.shipping_discount_amount > 0 then 1 else 0 end
        + case when orders_converted.fees_amount > 0 then 1 else 0 end
        + case when orders_converted.tip_amount > 0 then 1 else 0 end as other_amounts
    from orders_converted
    left join line_sums on line_sums.order_id = orders_converted.order_id
),

-- If the shop lands no lines at all, goods are what the total leaves. Tax inside the prices is not taken off it twice.
priced_goods as (
    select
        charges.order_id,
        charges.prices_include_tax,
        charges.tax_amount,
        charges.other_charges_amount,
        charges.other_amounts,
        charges.charged_shipping_amount + charges.other_charges_amount
        + case when charges.prices_include_tax then 0 else charges.tax_amount end as charged_beside,
        charges.charged_shipping_amount + charges.shipping_value as taxed_shipping,
        case
            when inputs_present.has_order_items then greatest(charges.goods_value - charges.discount_amount, 0)
            else greatest(
                charges.total_amount - charges.charged_shipping_amount - charges.other_charges_amount
                - case when charges.prices_include_tax then 0 else charges.tax_amount end, 0
            )
        end as goods_price,
        case
            when inputs_present.has_order_items then greatest(charges.discount_amount - charges.goods_value, 0)
            when charges.total_amount is null then charges.discount_amount
            else 0
        end as unapplied_discount_amount
    from charges
    cross join inputs_present
),

-- Goods and shipping bear the tax inside their prices in proportion.
goods_taxes as (
    select
        order_id,
        case
            when prices_include_tax then least(goods_price, coalesce({{ mean_amount(
                'tax_amount * cast(goods_price * 100 as decimal(18, 0))',
                'cast((goods_price + taxed_shipping) * 100 as decimal(18, 0))'
            ) }}, 0))
            else 0
        end as goods_tax_amount
    from priced_goods
)

select
    priced_goods.order_id,
    priced_goods.other_amounts,
    {{ money('priced_goods.unapplied_discount_amount') }} as unapplied_discount_amount,
    {{ money('priced_goods.other_charges_amount') }} as other_charges_amount,
    {{ money('goods_taxes.goods_tax_amount') }} as goods_tax_amount,
    {{ money('priced_goods.goods_price - goods_taxes.goods_tax_amount') }} as goods_charged,
    {{ money('priced_goods.charged_beside + goods_taxes.goods_tax_amount') }} as other_charged
from priced_goods
inner join goods_taxes on goods_taxes.order_id = priced_goods.order_id
