with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

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
) }}

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
    goods_lines.gmv,
    goods_lines.gross_amount,
    goods_lines.item_discount_amount,
    goods_lines.line_value,
    coalesce(discount_shares.order_discount_share, 0) as order_discount_amount,
    {{ money('goods_lines.line_value - coalesce(discount_shares.order_discount_share, 0)') }} as net_revenue,
    goods_lines.is_item_discount_capped
from goods_lines
left join discount_shares
    on discount_shares.order_id = goods_lines.order_id
    and discount_shares.order_item_id = goods_lines.order_item_id
