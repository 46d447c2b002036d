with

payment_attempts as (select * from {{ ref('int_payment_attempts') }}),

methods as (
    select
        attempted_month as month,
        payment_method,
        count(*) as attempts,
        count(case when outcome = 'pending' then 1 end) as pending,
        count(case when outcome = 'succeeded' then 1 end) as succeeded,
        count(case when outcome = 'failed' then 1 end) as failed,
        count(case when outcome = 'succeeded' and amount is null then 1 end) as succeeded_without_amount,
        cast(coalesce(sum(case when outcome = 'succeeded' then amount end), 0) as decimal(18, 2)) as amount
    from payment_attempts
    group by attempted_month, payment_method
),

shared_methods as (
    select
        month,
        payment_method,
        attempts,
        pending,
        succeeded,
        failed,
        cast(sum(succeeded) over (partition by month) as bigint) as month_succeeded,
        succeeded_without_amount,
        amount
    from methods
)

select
    month,
    payment_method,
    attempts,
    pending,
    succeeded,
    failed,
    {{ rounded_ratio('succeeded', '(succeeded + failed)') }} as success_rate,
    month_succeeded,
    {{ rounded_ratio('succeeded', 'month_succeeded') }} as share,
    succeeded_without_amount,
    amount
from shared_methods
