with

order_lines as (
    select * from {{ ref('int_order_lines_discounted') }}
),

refund_lines as (
    select * from {{ ref('int_refund_lines') }}
),

line_refunds as (
    select
        order_item_id,
        {{ money('sum(goods_refund_amount)') }} as goods_refund_amount,
        cast(sum(returned_quantity) as decimal(18, 3)) as returned_quantity
    from refund_lines
    group by order_item_id
),

-- No more units come back than were sold, whatever the refunds say.
kept_lines as (
    select
        order_lines.order_item_id,
        order_lines.unit_cost,
        order_lines.cost_rate,
        least(coalesce(line_refunds.returned_quantity, 0), order_lines.quantity) as returned_quantity,
        greatest(order_lines.quantity - coalesce(line_refunds.returned_quantity, 0), 0) as kept_quantity,
        coalesce(line_refunds.goods_refund_amount, 0) as goods_refund_amount
    from order_lines
    left join line_refunds on line_refunds.order_item_id = order_lines.order_item_id
)

select
    order_item_id,
    cast(returned_quantity as decimal(18, 3)) as returned_quantity,
    cast(kept_quantity as decimal(18, 3)) as kept_quantity,
    goods_refund_amount,
    -- Nothing kept costs nothing, whether or not the price of a unit is known.
    case
        when kept_quantity = 0 then cast(0 as decimal(18, 2))
        else {{ converted_line('kept_quantity', 'unit_cost', 'cost_rate') }}
    end as cost_amount
from kept_lines
