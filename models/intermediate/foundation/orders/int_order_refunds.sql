with

refunds_converted as (
    select * from {{ ref('int_refunds_converted') }}
)

select
    order_id,
    count(*) as refunds,
    {{ money('sum(goods_amount_at_order_rate)') }} as goods_refund_amount,
    {{ money('sum(other_amount_at_order_rate)') }} as other_refund_amount
from refunds_converted
where order_id is not null
group by order_id
