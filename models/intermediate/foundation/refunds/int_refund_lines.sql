with

refunds_restated as (select * from {{ ref('int_refunds_restated') }}),

refund_targets as (select * from {{ ref('int_refund_targets') }}),

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

-- If no line has a value, all lines have the same weight.
weighted_lines as (
    select
        refund_targets.refund_id,
        refund_targets.order_item_id,
        order_lines_discounted.order_id,
        refunds_restated.goods_amount_at_order_rate,
        case
            when sum(order_lines_discounted.line_value) over (partition by refund_targets.refund_id) > 0
                then order_lines_discounted.line_value
            else cast(1 as decimal(18, 2))
        end as weight
    from refund_targets
    inner join refunds_restated on refunds_restated.refund_id = refund_targets.refund_id
    inner join order_lines_discounted on order_lines_discounted.order_item_id = refund_targets.order_item_id
),

{{ split_by_largest_remainder(
    name='goods_shares', rows='weighted_lines', whole=['refund_id'], part='order_item_id',
    amount='goods_amount_at_order_rate', weight='weight', result='goods_refund_amount'
) }}

select
    weighted_lines.refund_id,
    weighted_lines.order_item_id,
    weighted_lines.order_id,
    coalesce(goods_shares.goods_refund_amount, 0) as goods_refund_amount
from weighted_lines
left join goods_shares
    on goods_shares.refund_id = weighted_lines.refund_id
    and goods_shares.order_item_id = weighted_lines.order_item_id
