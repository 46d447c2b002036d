with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

goods_lines as (select * from {{ ref('int_goods_lines') }}),

line_values as (
    select
        order_id,
        sum(line_value) as value_of_lines
    from goods_lines
    group by order_id
),

-- An order's discount is capped at the value of its lines.
discounted_lines as (
    select
        goods_lines.order_id,
        goods_lines.order_item_id,
        goods_lines.line_value,
        {{ money('least(orders_converted.discount_amount, line_values.value_of_lines)') }} as order_discount_amount
    from goods_lines
    inner join line_values on line_values.order_id = goods_lines.order_id
    inner join orders_converted on orders_converted.order_id = goods_lines.order_id
    where orders_converted.discount_amount > 0 and line_values.value_of_lines > 0
),

{{ split_by_largest_remainder(
    name='discount_shares', rows='discounted_lines', whole=['order_id'], part='order_item_id',
    amount='order_discount_amount', weight='line_value', result='order_discount_share'
) }},

priced_lines as (
    select
        goods_lines.order_id,
        goods_lines.order_item_id,
        goods_lines.line_value - coalesce(discount_shares.order_discount_share, 0) as price,
        coalesce(order_charges.goods_tax_amount, 0) as goods_tax_amount,
        {{ without_tax('goods_lines.gmv - goods_lines.gross_amount') }} as list_difference,
        {{ without_tax('goods_lines.item_discount_amount') }} as item_discount_amount,
        {{ without_tax('coalesce(discount_shares.order_discount_share, 0)') }} as order_discount_amount
    from goods_lines
    inner join order_charges on order_charges.order_id = goods_lines.order_id
    left join discount_shares
        on discount_shares.order_id = goods_lines.order_id
        and discount_shares.order_item_id = goods_lines.order_item_id
),

{{ split_by_largest_remainder(
    name='tax_shares', rows='priced_lines', whole=['order_id'], part='order_item_id',
    amount='goods_tax_amount', weight='price', result='tax_share'
) }},

net_lines as (
    select
        priced_lines.order_item_id,
        priced_lines.list_difference,
        priced_lines.item_discount_amount,
        priced_lines.order_discount_amount,
        priced_lines.price - coalesce(tax_shares.tax_share, 0) as net_revenue
    from priced_lines
    left join tax_shares
        on tax_shares.order_id = priced_lines.order_id
        and tax_shares.order_item_id = priced_lines.order_item_id
)

select
    goods_lines.order_item_id,
    goods_lines.order_id,
    goods_lines.product_id,
    goods_lines.quantity,
    goods_lines.unit_price,
    goods_lines.list_price,
    goods_lines.unit_cost,
    goods_lines.cost_rate,
    goods_lines.parts_cost_amount,
    {{ money(
        'net_lines.net_revenue + net_lines.order_discount_amount + net_lines.item_discount_amount '
        ~ '+ net_lines.list_difference'
    ) }} as gmv,
    {{ money('net_lines.net_revenue + net_lines.order_discount_amount + net_lines.item_discount_amount') }}
    as gross_amount,
    {{ money('net_lines.item_discount_amount') }} as item_discount_amount,
    {{ money('net_lines.net_revenue + net_lines.order_discount_amount') }} as line_value,
    {{ money('net_lines.order_discount_amount') }} as order_discount_amount,
    {{ money('net_lines.net_revenue') }} as net_revenue,
    goods_lines.is_item_discount_capped
from goods_lines
inner join net_lines on net_lines.order_item_id = goods_lines.order_item_id
