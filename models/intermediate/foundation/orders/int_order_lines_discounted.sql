with

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

line_values as (
    select
        order_id,
        sum(line_value) as value_of_lines
    from order_lines_converted
    group by order_id
),

-- An order's discount is capped at the value of its lines.
discounted_lines as (
    select
        order_lines_converted.order_id,
        order_lines_converted.order_item_id,
        order_lines_converted.line_value,
        {{ money('least(orders_converted.discount_amount, line_values.value_of_lines)') }} as order_discount_amount
    from order_lines_converted
    inner join line_values on line_values.order_id = order_lines_converted.order_id
    inner join orders_converted on orders_converted.order_id = order_lines_converted.order_id
    where orders_converted.discount_amount > 0 and line_values.value_of_lines > 0
),

{{ split_by_largest_remainder(
    name='discount_shares', rows='discounted_lines', whole=['order_id'], part='order_item_id',
    amount='order_discount_amount', weight='line_value', result='order_discount_share'
) }}

select
    order_lines_converted.order_item_id,
    order_lines_converted.order_id,
    order_lines_converted.product_id,
    order_lines_converted.quantity,
    order_lines_converted.unit_price,
    order_lines_converted.list_price,
    order_lines_converted.unit_cost,
    order_lines_converted.cost_rate,
    order_lines_converted.gmv,
    order_lines_converted.gross_amount,
    order_lines_converted.item_discount_amount,
    order_lines_converted.line_value,
    coalesce(discount_shares.order_discount_share, 0) as order_discount_amount,
    {{ money('order_lines_converted.line_value - coalesce(discount_shares.order_discount_share, 0)') }} as net_revenue,
    order_lines_converted.is_item_discount_capped
from order_lines_converted
left join discount_shares
    on discount_shares.order_id = order_lines_converted.order_id
    and discount_shares.order_item_id = order_lines_converted.order_item_id
