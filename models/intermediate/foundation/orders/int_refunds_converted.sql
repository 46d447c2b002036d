with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

stg_order_items as (select * from {{ ref('stg_order_items') }}),

order_dates as (select * from {{ ref('int_order_dates') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

-- A line of another order than the refund's is ignored. The comparison is in the select list, not in the join: a left
-- join with a condition over both sides would compare every row with every other.
refunds_with_lines as (
    select
        stg_refunds.refund_id,
        stg_refunds.order_id,
        stg_refunds.product_id,
        stg_refunds.currency,
        stg_refunds.amount,
        -- No part landed: the parts are not known, which is not 0.
        case
            when stg_refunds.shipping_amount is not null or stg_refunds.tax_amount is not null
                then coalesce(stg_refunds.shipping_amount, 0) + coalesce(stg_refunds.tax_amount, 0)
        end as other_amount,
        stg_order_items.order_id as line_order_id,
        stg_order_items.product_id as line_product_id,
        coalesce(stg_refunds.order_id, stg_order_items.order_id) = stg_order_items.order_id as is_line_of_order,
        {{ local_date('stg_refunds.refunded_at') }} as refund_date
    from stg_refunds
    left join stg_order_items on stg_order_items.order_item_id = stg_refunds.order_item_id
),

resolved_refunds as (
    select
        refund_id,
        coalesce(order_id, line_order_id) as order_id,
        coalesce(case when is_line_of_order then line_product_id end, product_id) as product_id,
        currency,
        amount,
        other_amount,
        refund_date
    from refunds_with_lines
),

-- The order's own currency always has a rate on the order's day. Another currency may have its first rate later: then
-- the rate of the refund's day is used.
rated_refunds as (
    select
        resolved_refunds.refund_id,
        resolved_refunds.order_id,
        resolved_refunds.product_id,
        resolved_refunds.amount,
        resolved_refunds.other_amount,
        refund_rates.rate as refund_rate,
        case
            when order_dates.order_id is not null then coalesce(order_rates.rate, refund_rates.rate)
        end as order_rate,
        resolved_refunds.refund_date
    from resolved_refunds
    inner join exchange_rates_daily as refund_rates
        on refund_rates.currency = resolved_refunds.currency
        and refund_rates.rate_date = resolved_refunds.refund_date
    left join order_dates on order_dates.order_id = resolved_refunds.order_id
    left join exchange_rates_daily as order_rates
        on order_rates.currency = resolved_refunds.currency
        and order_rates.rate_date = order_dates.order_date
)

select
    refund_id,
    order_id,
    product_id,
    {{ converted('amount', 'refund_rate') }} as amount,
    {{ converted('other_amount', 'refund_rate') }} as other_amount,
    {{ converted('amount', 'order_rate') }} as amount_at_order_rate,
    {{ converted('other_amount', 'order_rate') }} as other_amount_at_order_rate,
    refund_date
from rated_refunds
