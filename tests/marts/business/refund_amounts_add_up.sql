-- What was refunded is goods and other together. Otherwise a list of refunds shows
-- another sum than the refunded orders.
with

refunds as (select * from {{ ref('refunds') }})

select refund_id, goods_amount, other_amount, refund_amount
from refunds
where refund_amount is distinct from goods_amount + other_amount
