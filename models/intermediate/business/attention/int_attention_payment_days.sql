with

payment_attempts as (select * from {{ ref('int_payment_attempts') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

dated_attempts as (
    select
        payment_method,
        outcome,
        amount,
        {{ local_date('attempted_at') }} as date
    from payment_attempts
    where outcome in ('succeeded', 'failed')
),

method_days as (
    select
        payment_method,
        count(*) as attempts,
        count(case when outcome = 'succeeded' then 1 end) as succeeded,
        {{ money("coalesce(sum(case when outcome = 'succeeded' then amount end), 0)") }} as revenue,
        date
    from dated_attempts
    group by payment_method, date
)

select
    attention_rules.rule,
    method_days.payment_method as subject,
    method_days.payment_method as label,
    method_days.payment_method as label_zh,
    'rate' as unit,
    cast(method_days.succeeded as decimal(18, 2)) as numerator,
    cast(method_days.attempts as decimal(18, 2)) as denominator,
    method_days.revenue,
    true as is_ratio,
    true as is_higher_better,
    method_days.date
from method_days
cross join attention_rules
where attention_rules.kind = 'payment_failures'
