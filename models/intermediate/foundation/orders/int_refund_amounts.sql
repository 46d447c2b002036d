with

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

refunds_restated as (select * from {{ ref('int_refunds_restated') }}),

refund_kinds as (select * from {{ ref('int_refund_kinds') }}),

-- As booked, goods are the refund less its other parts where that stands at the order's rate, else the same share. A
-- credit note of unknown parts has no order to take them from: it is goods.
booked_refunds as (
    select
        refunds_converted.refund_id,
        refunds_restated.goods_amount_at_order_rate,
        case
            when refund_kinds.line_type <> 'goods' then cast(0 as decimal(18, 2))
            when
                refunds_restated.refund_id is null
                or refunds_converted.amount_at_order_rate - refunds_converted.other_amount_at_order_rate
                = refunds_restated.goods_amount_at_order_rate
                then {{ money("refunds_converted.amount - coalesce(refunds_converted.other_amount, 0)") }}
            else coalesce({{ mean_amount(
                "refunds_converted.amount * cast(refunds_restated.goods_amount_at_order_rate * 100 as decimal(18, 0))",
                "cast(refunds_converted.amount_at_order_rate * 100 as decimal(18, 0))"
            ) }}, 0)
        end as goods_amount
    from refunds_converted
    left join refunds_restated on refunds_restated.refund_id = refunds_converted.refund_id
    left join refund_kinds on refund_kinds.refund_id = refunds_converted.refund_id
)

select
    refunds_converted.refund_id,
    refunds_converted.order_id,
    booked_refunds.goods_amount,
    {{ money('refunds_converted.amount - booked_refunds.goods_amount') }} as other_amount,
    booked_refunds.goods_amount_at_order_rate,
    {{ money('refunds_converted.amount_at_order_rate - booked_refunds.goods_amount_at_order_rate') }}
    as other_amount_at_order_rate
from refunds_converted
inner join booked_refunds on booked_refunds.refund_id = refunds_converted.refund_id
