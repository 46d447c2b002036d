with

order_lines as (
    select * from {{ ref('int_order_lines_converted') }}
),

order_discounts as (
    select * from {{ ref('int_order_discounts') }}
),

discounted_lines as (
    select
        order_lines.order_id,
        order_lines.order_item_id,
        order_lines.line_value,
        order_discounts.order_discount_amount
    from order_lines
    inner join order_discounts on order_discounts.order_id = order_lines.order_id
    where order_discounts.order_discount_amount > 0
),

{{ split_by_largest_remainder(
    name='discount_shares', rows='discounted_lines', whole=['order_id'], part='order_item_id',
    amount='order_discount_amount', weight='line_value', result='order_discount_share'
) }}

select
    order_lines.order_item_id,
    order_lines.order_id,
    order_lines.product_id,
    order_lines.quantity,
    order_lines.unit_price,
    order_lines.list_price,
    order_lines.unit_cost,
    order_lines.cost_rate,
    order_lines.gmv,
    order_lines.gross_amount,
    order_lines.item_discount_amount,
    order_lines.line_value,
    coalesce(discount_shares.order_discount_share, 0) as order_discount_amount,
    {{ money('order_lines.line_value - coalesce(discount_shares.order_discount_share, 0)') }} as net_revenue,
    order_lines.is_item_discount_capped
from order_lines
left join discount_shares
    on discount_shares.order_id = order_lines.order_id
    and discount_shares.order_item_id = order_lines.order_item_id
