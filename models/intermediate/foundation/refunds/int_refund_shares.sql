{%- set is_own_currency = 'int_refunds.currency = order_charges.currency' -%}
{%- set unsplit = 'refunds_converted.goods_amount_at_order_rate is null' -%}
with

int_refunds as (select * from {{ ref('int_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

refund_kinds as (select * from {{ ref('int_refund_kinds') }})

-- What a refund that names goods can give back is goods, shipping and tax; without a name, other charges too. A refund
-- of a gift card or a fee gives back no goods.
select
    refunds_converted.refund_id,
    refunds_converted.order_id,
    order_charges.goods_charged,
    order_charges.goods_charged + order_charges.other_charged - order_charges.other_charges_amount as goods_charge,
    order_charges.goods_charged + order_charges.other_charged as charge,
    {{ unsplit }} and refund_kinds.line_type = 'goods' as is_of_goods,
    {{ unsplit }} and refund_kinds.line_type is null as is_of_order,
    case
        when {{ unsplit }} or refund_kinds.line_type <> 'goods' then 0
        when refund_kinds.line_type = 'goods' or order_charges.other_charges_amount = 0
            then refunds_converted.goods_amount_at_order_rate
        else {{ mean_amount(
            'refunds_converted.goods_amount_at_order_rate * cast(order_charges.goods_charged * 100 as decimal(18, 0))',
            'cast((order_charges.goods_charged + order_charges.other_charges_amount) * 100 as decimal(18, 0))'
        ) }}
    end as known_goods_amount,
    refunds_converted.amount_at_order_rate,
    case when {{ is_own_currency }} then int_refunds.amount else 0 end as landed_amount,
    case
        when not {{ is_own_currency }} or refund_kinds.line_type <> 'goods' then 0
        when {{ unsplit }} then int_refunds.amount * order_charges.landed_goods_charged
        when refund_kinds.line_type = 'goods' or order_charges.other_charges_amount = 0
            then refunds_converted.landed_goods_amount * order_charges.landed_charged
    end as landed_goods_share,
    order_charges.landed_total_amount,
    greatest(order_charges.landed_goods_charged - 0.005, 0.001) * order_charges.landed_charged
    as landed_charge_share,
    int_refunds.is_refund_implied,
    int_refunds.refunded_at
from refunds_converted
inner join int_refunds on int_refunds.refund_id = refunds_converted.refund_id
inner join order_charges on order_charges.order_id = refunds_converted.order_id
left join orders_validated on orders_validated.order_id = refunds_converted.order_id
left join refund_kinds on refund_kinds.refund_id = refunds_converted.refund_id
-- Nothing is implied of an order that never counted.
where int_refunds.is_refund_implied is not true or orders_validated.is_valid
