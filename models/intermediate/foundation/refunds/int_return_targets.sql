with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

refunds_restated as (select * from {{ ref('int_refunds_restated') }}),

refund_targets as (select * from {{ ref('int_refund_targets') }}),

order_lines_discounted as (select * from {{ ref('int_order_lines_discounted') }}),

returns as (
    select
        refund_targets.order_item_id,
        refunds_converted.order_id,
        refund_targets.named_by,
        refund_targets.named_quantity as quantity,
        refunds_restated.goods_amount_at_order_rate as goods_amount,
        refunds_converted.refund_date
    from refund_targets
    inner join refunds_converted on refunds_converted.refund_id = refund_targets.refund_id
    inner join refunds_restated on refunds_restated.refund_id = refund_targets.refund_id
    inner join stg_refunds on stg_refunds.refund_id = refund_targets.refund_id
    where refunds_converted.is_goods_return
),

return_days as (select distinct order_id, refund_date from returns),

-- All returns of the same lines are taken together, so that parts which are everything together return everything.
returns_so_far as (
    select
        returns.order_item_id,
        returns.named_by,
        sum(coalesce(returns.quantity, 0)) as landed_quantity,
        sum(case when returns.quantity is null then returns.goods_amount end) as unsized_amount,
        sum(returns.goods_amount) as goods_amount,
        return_days.refund_date
    from returns
    inner join return_days on return_days.order_id = returns.order_id
    where returns.refund_date <= return_days.refund_date
    group by returns.order_item_id, returns.named_by, return_days.refund_date
),

returned_lines as (
    select
        order_lines_discounted.order_item_id,
        order_lines_discounted.quantity - least(
            returns_so_far.landed_quantity + coalesce({{ units_for_amount(
                'returns_so_far.unsized_amount', 'order_lines_discounted.net_revenue', 'order_lines_discounted.quantity'
            ) }}, 0),
            order_lines_discounted.quantity
        ) as quantity_left,
        greatest(order_lines_discounted.net_revenue - returns_so_far.goods_amount, 0) as net_revenue_left,
        returns_so_far.refund_date
    from returns_so_far
    inner join order_lines_discounted on order_lines_discounted.order_item_id = returns_so_far.order_item_id
    where returns_so_far.named_by = 'line'
)

-- A return of a product or of the whole order concerns what the returns of named lines leave.
select
    returns_so_far.order_item_id,
    order_lines_discounted.order_id,
    returns_so_far.named_by,
    case returns_so_far.named_by
        when 'line' then returns_so_far.order_item_id
        when 'product' then order_lines_discounted.product_id
        else order_lines_discounted.order_id
    end as named_id,
    returns_so_far.landed_quantity,
    case
        when returns_so_far.named_by = 'line' then order_lines_discounted.quantity
        else coalesce(returned_lines.quantity_left, order_lines_discounted.quantity)
    end as quantity_left,
    case
        when returns_so_far.named_by = 'line' then order_lines_discounted.net_revenue
        else coalesce(returned_lines.net_revenue_left, order_lines_discounted.net_revenue)
    end as net_revenue_left,
    order_lines_discounted.line_value,
    returns_so_far.unsized_amount,
    returns_so_far.refund_date
from returns_so_far
inner join order_lines_discounted on order_lines_discounted.order_item_id = returns_so_far.order_item_id
left join returned_lines
    on returned_lines.order_item_id = returns_so_far.order_item_id
    and returned_lines.refund_date = returns_so_far.refund_date
