{%- set other_parts -%}
    case
        when shipping_amount is not null or tax_amount is not null
            then coalesce(shipping_amount, 0) + coalesce(tax_amount, 0)
    end
{%- endset -%}
with

int_refunds as (select * from {{ ref('int_refunds') }}),

order_dates as (select * from {{ ref('int_order_dates') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

valued_refunds as (
    select
        refund_id,
        order_id,
        product_id,
        currency,
        amount,
        -- No part landed: the parts are not known, which is not 0. In an exchange goods_amount stands beside amount.
        cast(coalesce(goods_amount, amount - {{ other_parts }}) as decimal(18, 6)) as landed_goods_amount,
        case when goods_amount is null then {{ other_parts }} end as other_amount,
        shipping_amount,
        case
            when is_exchange then coalesce(goods_amount > 0, false)
            else coalesce(is_return, false)
        end as is_goods_return,
        {{ local_date('refunded_at') }} as refund_date
    from int_refunds
),

-- The order's own currency always has a rate on the order's day. Another currency may have its first rate later: then
-- the rate of the refund's day is used.
rated_refunds as (
    select
        valued_refunds.refund_id,
        valued_refunds.order_id,
        valued_refunds.product_id,
        valued_refunds.amount,
        valued_refunds.landed_goods_amount,
        valued_refunds.other_amount,
        valued_refunds.shipping_amount,
        valued_refunds.is_goods_return,
        refund_rates.rate as refund_rate,
        case
            when order_dates.order_id is not null then coalesce(order_rates.rate, refund_rates.rate)
        end as order_rate,
        valued_refunds.refund_date
    from valued_refunds
    inner join exchange_rates_daily as refund_rates
        on refund_rates.currency = valued_refunds.currency
        and refund_rates.rate_date = valued_refunds.refund_date
    left join order_dates on order_dates.order_id = valued_refunds.order_id
    left join exchange_rates_daily as order_rates
        on order_rates.currency = valued_refunds.currency
        and order_rates.rate_date = order_dates.order_date
)

-- Goods are what the rounded other parts leave of the rounded amount.
select
    refund_id,
    order_id,
    product_id,
    landed_goods_amount,
    {{ converted('amount', 'refund_rate') }} as amount,
    {{ converted('amount', 'order_rate') }} as amount_at_order_rate,
    {{ converted('shipping_amount', 'order_rate') }} as shipping_amount_at_order_rate,
    {% for rate, basis in [('refund_rate', ''), ('order_rate', '_at_order_rate')] -%}
    case
        when other_amount is null then {{ converted('landed_goods_amount', rate) }}
        else {{ money(converted('amount', rate) ~ ' - ' ~ converted('other_amount', rate)) }}
    end as goods_amount{{ basis }},
    {% endfor -%}
    is_goods_return,
    refund_date
from rated_refunds
