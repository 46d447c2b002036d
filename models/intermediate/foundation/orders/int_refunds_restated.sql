with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

orders_converted as (select * from {{ ref('int_orders_converted') }}),

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

line_values as (
    select
        order_id,
        sum(line_value) as value_of_lines
    from order_lines_converted
    group by order_id
),

order_charges as (
    select
        orders_converted.order_id,
        greatest(
            case
                when inputs_present.has_order_items
                    then coalesce(line_values.value_of_lines, 0) - orders_converted.discount_amount
                else orders_converted.total_amount - orders_converted.shipping_amount - orders_converted.tax_amount
            end, 0
        ) as goods_charged,
        orders_converted.shipping_amount + orders_converted.tax_amount as other_charged
    from orders_converted
    cross join inputs_present
    left join line_values on line_values.order_id = orders_converted.order_id
),

-- What an order has given back up to and with each refund; refunds of the same moment are taken by their id. Sums and
-- not single refunds are split, so that the cents of several refunds add up to the order's.
accumulated_refunds as (
    select
        refunds_converted.refund_id,
        refunds_converted.order_id,
        order_charges.goods_charged,
        order_charges.goods_charged + order_charges.other_charged as charged,
        sum(case when refunds_converted.other_amount is null then refunds_converted.amount_at_order_rate else 0 end)
            over refunds_of_order as unsplit_amount,
        sum(coalesce(refunds_converted.amount_at_order_rate - refunds_converted.other_amount_at_order_rate, 0))
            over refunds_of_order as known_goods_amount,
        row_number() over refunds_of_order as refund_number
    from refunds_converted
    inner join stg_refunds on stg_refunds.refund_id = refunds_converted.refund_id
    inner join order_charges on order_charges.order_id = refunds_converted.order_id
    window refunds_of_order as (
        partition by refunds_converted.order_id
        order by stg_refunds.refunded_at, stg_refunds.refund_id rows between unbounded preceding and current row
    )
),

-- Goods never take an order's net revenue below 0.
goods_sums as (
    select
        refund_id,
        order_id,
        refund_number,
        least(
            goods_charged,
            known_goods_amount + coalesce({{ mean_amount(
                "unsplit_amount * cast(goods_charged * 100 as decimal(18, 0))", "cast(charged * 100 as decimal(18, 0))"
            ) }}, 0)
        ) as goods_so_far
    from accumulated_refunds
),

order_refunds as (
    select
        refund_id,
        {{ money("goods_so_far - lag(goods_so_far, 1, 0) over (partition by order_id order by refund_number)") }}
        as goods_amount_at_order_rate
    from goods_sums
)

select
    refunds_converted.refund_id,
    refunds_converted.order_id,
    order_refunds.goods_amount_at_order_rate,
    {{ money('refunds_converted.amount_at_order_rate - order_refunds.goods_amount_at_order_rate') }}
    as other_amount_at_order_rate
from refunds_converted
inner join order_refunds on order_refunds.refund_id = refunds_converted.refund_id
