with

stg_payments as (select * from {{ ref('stg_payments') }}),

stored_value_methods as (select * from {{ ref('stored_value_methods') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

made_payments as (
    select
        stg_payments.payment_id,
        stg_payments.order_id,
        orders_valued.total_amount,
        {{ money('coalesce(' ~ converted('stg_payments.amount', 'exchange_rates_daily.rate') ~ ', 0)') }} as amount,
        stored_value_methods.payment_method is not null as is_stored_value,
        stg_payments.status = 'refunded' as is_refunded,
        {{ local_date('stg_payments.attempted_at') }} as payment_date
    from stg_payments
    inner join orders_valued on orders_valued.order_id = stg_payments.order_id
    inner join exchange_rates_daily
        on exchange_rates_daily.currency = stg_payments.currency
        and exchange_rates_daily.rate_date = {{ local_date('stg_payments.attempted_at') }}
    left join stored_value_methods on stored_value_methods.payment_method = stg_payments.payment_method
    where
        stg_payments.status in ('succeeded', 'refunded')
        and (orders_valued.is_valid or orders_valued.invalid_reason = 'no_goods')
),

-- Where the order's other payments cover its total, a refunded row of stored value is no payment: it is where the money
-- went back to.
classified_payments as (
    select
        payment_id,
        order_id,
        amount,
        is_stored_value,
        is_stored_value and is_refunded and coalesce(
            sum(case when is_refunded then 0 else amount end) over (partition by order_id) >= total_amount, false
        ) as is_credit,
        payment_date
    from made_payments
),

order_sums as (
    select
        order_id,
        sum(case when is_credit then 0 else amount end) as paid_amount,
        sum(case when is_stored_value and not is_credit then amount else 0 end) as stored_value_amount,
        max(case when is_credit then 1 else 0 end) = 1 as has_credit
    from classified_payments
    group by order_id
)

select
    classified_payments.payment_id,
    classified_payments.order_id,
    classified_payments.amount,
    {{ money('order_sums.paid_amount') }} as paid_amount,
    {{ money('order_sums.stored_value_amount') }} as stored_value_amount,
    classified_payments.is_credit,
    order_sums.has_credit,
    classified_payments.payment_date
from classified_payments
inner join order_sums on order_sums.order_id = classified_payments.order_id
where classified_payments.is_stored_value
