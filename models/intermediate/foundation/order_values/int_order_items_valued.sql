with

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

refund_lines as (select * from {{ ref('int_refund_lines') }}),

latest_returns as (
    select * from {{ ref('int_order_lines_returned') }} where is_latest
),

line_refunds as (
    select
        order_item_id,
        sum(goods_refund_amount) as goods_refund_amount
    from refund_lines
    group by order_item_id
),

-- Returned units never exceed the units sold, even if the refunds add up to more.
kept_lines as (
    select
        order_lines_discounted.order_item_id,
        order_lines_discounted.unit_cost,
        order_lines_discounted.cost_rate,
        order_lines_discounted.quantity,
        order_lines_discounted.parts_cost_amount,
        cast(
            least(coalesce(latest_returns.returned_quantity, 0), order_lines_discounted.quantity)
            as decimal(18, 3)
        ) as returned_quantity,
        cast(
            greatest(order_lines_discounted.quantity - coalesce(latest_returns.returned_quantity, 0), 0)
            as decimal(18, 3)
        ) as kept_quantity,
        {{ money('coalesce(line_refunds.goods_refund_amount, 0)') }} as goods_refund_amount
    from order_lines_discounted
    left join line_refunds on line_refunds.order_item_id = order_lines_discounted.order_item_id
    left join latest_returns on latest_returns.order_item_id = order_lines_discounted.order_item_id
),

-- An unknown cost stays unknown, even if no unit is kept: a return is no proof of a cost.
costed_lines as (
    select
        order_item_id,
        returned_quantity,
        kept_quantity,
        goods_refund_amount,
        case
            when parts_cost_amount is not null then coalesce({{ mean_amount(
                'parts_cost_amount * cast(kept_quantity * 1000 as decimal(18, 0))',
                'cast(quantity * 1000 as decimal(18, 0))'
            ) }}, 0)
            else {{ converted_line('kept_quantity', 'unit_cost', 'cost_rate') }}
        end as cost_amount
    from kept_lines
)

select
    order_lines_discounted.order_item_id,
    order_lines_discounted.order_id,
    order_lines_discounted.product_id,
    order_lines_discounted.quantity,
    costed_lines.returned_quantity,
    costed_lines.kept_quantity,
    order_lines_discounted.unit_price,
    order_lines_discounted.list_price,
    order_lines_discounted.gmv,
    order_lines_discounted.gross_amount,
    order_lines_discounted.item_discount_amount,
    order_lines_discounted.order_discount_amount,
    order_lines_discounted.net_revenue,
    costed_lines.goods_refund_amount,
    {{ money('order_lines_discounted.net_revenue - costed_lines.goods_refund_amount') }} as net_revenue_after_refunds,
    costed_lines.cost_amount,
    {{ money('order_lines_discounted.net_revenue - costed_lines.goods_refund_amount - costed_lines.cost_amount') }}
    as gross_margin,
    order_lines_discounted.is_item_discount_capped,
    orders_converted.order_date,
    stg_orders.ordered_at
from order_lines_discounted
inner join costed_lines on costed_lines.order_item_id = order_lines_discounted.order_item_id
inner join orders_converted on orders_converted.order_id = order_lines_discounted.order_id
inner join stg_orders on stg_orders.order_id = order_lines_discounted.order_id
