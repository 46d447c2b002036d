with

stg_payments as (select * from {{ ref('stg_payments') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

-- A refunded payment succeeded first.
attempts as (
    select
        order_id,
        min(attempted_at) as first_attempted_at,
        min(case when status in ('succeeded', 'refunded') then attempted_at end) as first_paid_at,
        count(case when status in ('succeeded', 'refunded') then 1 end) as payments,
        count(case when status in ('succeeded', 'refunded') then amount end) as known_payments,
        count(distinct case when status in ('succeeded', 'refunded') then currency end) as currencies,
        min(case when status in ('succeeded', 'refunded') then currency end) as currency,
        sum(case when status in ('succeeded', 'refunded') then amount end) as amount
    from stg_payments
    group by order_id
),

first_methods as (
    select
        stg_payments.order_id,
        stg_payments.payment_method,
        sum({{ converted('stg_payments.amount', 'exchange_rates_daily.rate') }}) as method_amount
    from stg_payments
    inner join attempts
        on attempts.order_id = stg_payments.order_id
        and attempts.first_paid_at = stg_payments.attempted_at
    left join exchange_rates_daily
        on exchange_rates_daily.currency = stg_payments.currency
        and exchange_rates_daily.rate_date = {{ local_date('stg_payments.attempted_at') }}
    where stg_payments.status in ('succeeded', 'refunded')
    group by stg_payments.order_id, stg_payments.payment_method
),

-- The method of the largest amount, so that ids of payments decide nothing. Equal amounts are ordered by method.
ranked_methods as (
    select
        order_id,
        payment_method,
        row_number() over (
            partition by order_id order by method_amount desc nulls last, payment_method nulls last
        ) as method_rank
    from first_methods
)

select
    attempts.order_id,
    ranked_methods.payment_method,
    case when attempts.currencies = 1 then attempts.currency end as paid_currency,
    case when attempts.currencies = 1 and attempts.payments = attempts.known_payments then attempts.amount end
    as paid_amount,
    attempts.first_attempted_at,
    attempts.first_paid_at
from attempts
left join ranked_methods on ranked_methods.order_id = attempts.order_id and ranked_methods.method_rank = 1
