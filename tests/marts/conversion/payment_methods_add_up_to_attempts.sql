-- Every attempt to pay for an order that is not a test is in exactly one month and method. Otherwise rates lose
-- attempts.
with

payment_methods as (select * from {{ ref('payment_methods') }}),

stg_payments as (select * from {{ ref('stg_payments') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

method_totals as (
    select
        coalesce(sum(attempts), 0) as attempts,
        coalesce(sum(pending + succeeded + failed), 0) as outcomes
    from payment_methods
),

payment_totals as (
    select count(*) as attempts
    from stg_payments
    inner join orders_valued on orders_valued.order_id = stg_payments.order_id
    where not orders_valued.is_test
)

select
    method_totals.attempts,
    method_totals.outcomes,
    payment_totals.attempts as landed_attempts
from method_totals
cross join payment_totals
where method_totals.attempts <> payment_totals.attempts or method_totals.outcomes <> payment_totals.attempts
