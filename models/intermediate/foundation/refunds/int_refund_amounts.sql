with

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

refunds_restated as (select * from {{ ref('int_refunds_restated') }}),

refund_kinds as (select * from {{ ref('int_refund_kinds') }}),

-- As booked, goods are as landed where that stands at the order's rate, else the same share of what was landed. A
-- credit note of unknown parts has no order to take them from: it is goods.
landed_refunds as (
    select
        refunds_converted.refund_id,
        refunds_converted.order_id,
        refund_kinds.line_type,
        refunds_converted.amount,
        coalesce(refunds_converted.goods_amount, refunds_converted.amount) as goods_amount,
        coalesce(refunds_converted.goods_amount_at_order_rate, refunds_converted.amount_at_order_rate)
        as landed_goods_at_order_rate,
        refunds_restated.goods_amount_at_order_rate,
        refunds_restated.other_amount_at_order_rate
    from refunds_converted
    left join refunds_restated on refunds_restated.refund_id = refunds_converted.refund_id
    left join refund_kinds on refund_kinds.refund_id = refunds_converted.refund_id
),

booked_refunds as (
    select
        refund_id,
        case
            when line_type <> 'goods' then cast(0 as decimal(18, 2))
            when coalesce(goods_amount_at_order_rate = landed_goods_at_order_rate, true) then goods_amount
            else coalesce({{ mean_amount(
                "goods_amount * cast(goods_amount_at_order_rate * 100 as decimal(18, 0))",
                "cast(landed_goods_at_order_rate * 100 as decimal(18, 0))"
            ) }}, 0)
        end as goods_amount
    from landed_refunds
)

select
    landed_refunds.refund_id,
    landed_refunds.order_id,
    {{ money('booked_refunds.goods_amount') }} as goods_amount,
    {{ money('greatest(landed_refunds.amount - booked_refunds.goods_amount, 0)') }} as other_amount,
    landed_refunds.goods_amount_at_order_rate,
    landed_refunds.other_amount_at_order_rate
from landed_refunds
inner join booked_refunds on booked_refunds.refund_id = landed_refunds.refund_id
