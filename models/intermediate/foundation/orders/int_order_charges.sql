with

stg_orders as (select * from {{ ref('stg_orders') }}),

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
        sum(case when order_line_roots.line_type = 'goods' then order_lines_converted.landed_value else 0 end)
        as landed_goods_value,
        sum(order_lines_converted.landed_value) as landed_value,
        count(*) filter (where order_line_roots.line_type <> 'goods') as other_lines
    from order_line_roots
    inner join order_lines_converted on order_lines_converted.order_item_id = order_line_roots.order_item_id
    group by order_line_roots.order_id
),

charges as (
    select
        orders_converted.order_id,
        orders_converted.total_amount,
        stg_orders.total_amount as landed_total_amount,
        stg_orders.currency,
        greatest(coalesce(line_sums.landed_goods_value, 0) - orders_converted.landed_discount_amount, 0)
        as landed_lines,
        coalesce(line_sums.landed_value, 0) - coalesce(line_sums.landed_goods_value, 0)
        + greatest(coalesce(stg_orders.shipping_amount, 0) - coalesce(stg_orders.shipping_discount_amount, 0), 0)
        + coalesce(stg_orders.tax_amount, 0) + coalesce(stg_orders.fees_amount, 0) + coalesce(stg_orders.tip_amount, 0)
        as landed_other_charged,
        orders_converted.tax_amount,
        greatest(orders_converted.shipping_amount - orders_converted.shipping_discount_amount, 0)
        as charged_shipping_amount,
        coalesce(line_sums.other_value, 0) + orders_converted.fees_amount + orders_converted.tip_amount
        as other_charges_amount,
        greatest(coalesce(line_sums.goods_value, 0) - orders_converted.discount_amount, 0) as charged_lines,
        coalesce(line_sums.other_lines, 0)
        + case when orders_converted.shipping_discount_amount > 0 then 1 else 0 end
        + case when orders_converted.fees_amount > 0 then 1 else 0 end
        + case when orders_converted.tip_amount > 0 then 1 else 0 end as other_amounts
    from orders_converted
    inner join stg_orders on stg_orders.order_id = orders_converted.order_id
    left join line_sums on line_sums.order_id = orders_converted.order_id
)

-- If the shop lands no lines at all, goods are what the total leaves.
select
    charges.order_id,
    charges.other_amounts,
    {{ money('charges.other_charges_amount') }} as other_charges_amount,
    {{ money(
        'case when inputs_present.has_order_items then charges.charged_lines else greatest(charges.total_amount '
        ~ '- charges.charged_shipping_amount - charges.tax_amount - charges.other_charges_amount, 0) end'
    ) }} as goods_charged,
    {{ money('charges.charged_shipping_amount + charges.tax_amount + charges.other_charges_amount') }} as other_charged,
    -- The same in the order's own currency, before any rounding.
    cast(
        case
            when inputs_present.has_order_items then charges.landed_lines
            else greatest(charges.landed_total_amount - charges.landed_other_charged, 0)
        end as decimal(19, 6)
    ) as landed_goods_charged,
    cast(
        charges.landed_other_charged + case
            when inputs_present.has_order_items then charges.landed_lines
            else greatest(charges.landed_total_amount - charges.landed_other_charged, 0)
        end as decimal(19, 6)
    ) as landed_charged,
    charges.landed_total_amount,
    charges.currency
from charges
cross join inputs_present
