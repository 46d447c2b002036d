with

refunds_valued as (
    select * from {{ ref('int_refunds_valued') }}
)

select
    refund_date as date,
    {{ money('sum(goods_amount + other_amount)') }} as refunds,
    {{ money('sum(goods_amount)') }} as goods_refunds
from refunds_valued
where is_counted
group by refund_date
