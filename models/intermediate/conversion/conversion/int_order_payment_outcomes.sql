with

payment_attempts as (select * from {{ ref('int_payment_attempts') }}),

order_payments as (select * from {{ ref('int_order_payments') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

order_attempts as (
    select
        payment_attempts.order_id,
        count(
            case
                when
                    payment_attempts.outcome = 'failed'
                    and coalesce(payment_attempts.attempted_at <= order_payments.first_paid_at, true)
                    then 1
            end
        ) as failed_attempts,
        min(date_trunc('second', payment_attempts.attempted_at)) as first_attempted_at
    from payment_attempts
    left join order_payments on order_payments.order_id = payment_attempts.order_id
    group by payment_attempts.order_id
)

select
    order_attempts.order_id,
    int_sessions.session_id,
    order_attempts.failed_attempts,
    orders_valued.paid_at is not null as is_paid,
    orders_valued.paid_at is null
    and not coalesce(session_outcomes.last_view_at > order_attempts.first_attempted_at, false) as is_exit,
    int_sessions.session_month
from order_attempts
inner join orders_valued on orders_valued.order_id = order_attempts.order_id
inner join order_sessions on order_sessions.order_id = order_attempts.order_id
inner join int_sessions on int_sessions.session_id = order_sessions.session_id
inner join session_outcomes on session_outcomes.session_id = int_sessions.session_id
