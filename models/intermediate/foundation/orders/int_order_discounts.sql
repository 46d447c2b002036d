with

orders_converted as (
    select * from {{ ref('int_orders_converted') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_converted') }}
),

line_totals as (
    select
        order_id,
        {{ money('sum(line_value)') }} as line_value
    from order_lines
    group by order_id
)

select
    orders_converted.order_id,
    {{ money('least(orders_converted.discount_amount, line_totals.line_value)') }} as order_discount_amount,
    {{ money('orders_converted.discount_amount - least(orders_converted.discount_amount, line_totals.line_value)') }}
    as unapplied_discount_amount,
    orders_converted.discount_amount > line_totals.line_value and line_totals.line_value > 0 as is_discount_capped,
    orders_converted.discount_amount > 0 and line_totals.line_value = 0 as is_discount_unapplied
from orders_converted
inner join line_totals on line_totals.order_id = orders_converted.order_id
