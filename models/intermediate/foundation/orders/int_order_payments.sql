with

stg_payments as (select * from {{ ref('stg_payments') }}),

-- A refunded payment succeeded first.
ranked_payments as (
    select
        order_id,
        payment_method,
        attempted_at,
        row_number() over (partition by order_id order by attempted_at, payment_id) as payment_rank
    from stg_payments
    where status in ('succeeded', 'refunded')
)

select
    order_id,
    payment_method,
    attempted_at as first_paid_at
from ranked_payments
where payment_rank = 1
