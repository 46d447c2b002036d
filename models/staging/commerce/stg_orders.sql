with

base_orders as (select * from {{ ref('base_orders') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_orders.order_id,
    base_orders.customer_id,
    base_orders.visitor_id,
    base_orders.session_id,
    base_orders.ordered_at,
    {{ if_before('base_orders.paid_at', 'stg_run_period.as_of_end_at') }} as paid_at,
    {{ if_before('base_orders.completed_at', 'stg_run_period.as_of_end_at') }} as completed_at,
    {{ if_before('base_orders.cancelled_at', 'stg_run_period.as_of_end_at') }} as cancelled_at,
    base_orders.status,
    base_orders.sales_channel,
    base_orders.currency,
    abs(base_orders.discount_amount) as discount_amount,
    base_orders.shipping_amount,
    base_orders.tax_amount,
    base_orders.total_amount,
    base_orders.promotion_code,
    base_orders.points_redeemed,
    abs(base_orders.shipping_discount_amount) as shipping_discount_amount,
    base_orders.fees_amount,
    base_orders.tip_amount,
    base_orders.payment_terms,
    base_orders.subscription_id,
    base_orders.is_renewal,
    base_orders.prices_include_tax,
    -- A status was landed that no row of the mapping knows.
    coalesce(concat(',', base_orders.cast_flags, ',') like '%,status,%', false) as is_status_unknown,
    base_orders.is_test,
    base_orders.updated_at
from base_orders
cross join stg_run_period
where
    base_orders.is_current
    and base_orders.ordered_at < stg_run_period.as_of_end_at
