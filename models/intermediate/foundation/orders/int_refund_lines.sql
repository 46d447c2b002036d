with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_restated as (select * from {{ ref('int_refunds_restated') }}),

refund_targets as (select * from {{ ref('int_refund_targets') }}),

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

target_lines as (
    select
        refund_targets.refund_id,
        refund_targets.order_item_id,
        order_lines_discounted.order_id,
        order_lines_discounted.quantity as line_quantity,
        order_lines_discounted.line_value,
        refunds_restated.goods_amount_at_order_rate,
        sum(order_lines_discounted.line_value) over (partition by refund_targets.refund_id) as refund_line_value,
        {{ money('sum(order_lines_discounted.net_revenue) over (partition by refund_targets.refund_id)') }}
        as refund_net_revenue,
        stg_refunds.quantity as refund_quantity,
        -- After an exchange the customer has as many units as before.
        coalesce(stg_refunds.is_return, false) and not coalesce(stg_refunds.is_exchange, false) as is_goods_return
    from refund_targets
    inner join refunds_restated on refunds_restated.refund_id = refund_targets.refund_id
    inner join stg_refunds on stg_refunds.refund_id = refund_targets.refund_id
    inner join order_lines_discounted on order_lines_discounted.order_item_id = refund_targets.order_item_id
),

-- If no line has a value, all lines have the same weight. A return without a quantity returns the share of each line
-- that equals refunded goods / net revenue of the lines; if that net revenue is 0, the whole line.
weighted_lines as (
    select
        refund_id,
        order_item_id,
        order_id,
        goods_amount_at_order_rate,
        case when refund_line_value > 0 then line_value else cast(1 as decimal(18, 2)) end as weight,
        case when is_goods_return then coalesce(refund_quantity, 0) else 0 end as landed_quantity,
        case
            when not is_goods_return or refund_quantity is not null then 0
            when refund_net_revenue = 0 then line_quantity
            else {{ whole_quotient(
                'line_quantity * 1000 * (least(goods_amount_at_order_rate, refund_net_revenue) * 100)',
                'refund_net_revenue * 100'
            ) }} * 0.001
        end as inferred_quantity
    from target_lines
),

{{ split_by_largest_remainder(
    name='goods_shares', rows='weighted_lines', whole=['refund_id'], part='order_item_id',
    amount='goods_amount_at_order_rate', weight='weight', result='goods_refund_amount'
) }},

{{ split_by_largest_remainder(
    name='unit_shares', rows='weighted_lines', whole=['refund_id'], part='order_item_id',
    amount='landed_quantity', weight='weight', result='returned_quantity', places=3
) }}

select
    weighted_lines.refund_id,
    weighted_lines.order_item_id,
    weighted_lines.order_id,
    coalesce(goods_shares.goods_refund_amount, 0) as goods_refund_amount,
    cast(
        coalesce(unit_shares.returned_quantity, 0) + weighted_lines.inferred_quantity as decimal(18, 3)
    ) as returned_quantity
from weighted_lines
left join goods_shares
    on goods_shares.refund_id = weighted_lines.refund_id
    and goods_shares.order_item_id = weighted_lines.order_item_id
left join unit_shares
    on unit_shares.refund_id = weighted_lines.refund_id
    and unit_shares.order_item_id = weighted_lines.order_item_id
