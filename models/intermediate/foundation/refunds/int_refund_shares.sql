{%- set is_own_currency = 'refund_parts.currency = order_charges_landed.currency' -%}
{%- set has_tax_apart = 'int_refunds.goods_amount is null and int_refunds.tax_amount is not null' -%}
{%- set without_tax_share = exact_share(
    'order_charges_landed.landed_goods_charged', 'order_charges_landed.landed_goods_price'
) -%}
{%- set has_tax_in_shipping -%}
    int_refunds.currency = order_charges_landed.currency and order_charges_landed.landed_shipping_charged > 0
    and int_refunds.shipping_amount > order_charges_landed.landed_shipping_charged + 0.005
    and order_charges_landed.landed_goods_price > order_charges_landed.landed_goods_charged
{%- endset -%}
with

int_refunds as (select * from {{ ref('int_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

order_charges_landed as (select * from {{ ref('int_order_charges_landed') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

refund_kinds as (select * from {{ ref('int_refund_kinds') }}),

-- Goods hold the tax that is inside their prices, unless it is landed as a part of the refund. Shipping beside that tax
-- is without its own; where it is more than the order's shipping without tax, it holds it a second time.
refund_parts as (
    select
        refunds_converted.refund_id,
        refunds_converted.order_id,
        int_refunds.currency,
        int_refunds.amount,
        refunds_converted.amount_at_order_rate,
        refunds_converted.goods_amount_at_order_rate is null as is_unsplit,
        case
            when {{ has_tax_apart }} then refunds_converted.landed_goods_amount + case
                when {{ has_tax_in_shipping }} then int_refunds.shipping_amount * (1 - {{ without_tax_share }}) else 0
            end
            when order_charges_landed.landed_goods_price > order_charges_landed.landed_goods_charged
                then refunds_converted.landed_goods_amount * {{ without_tax_share }}
            else refunds_converted.landed_goods_amount
        end as landed_goods_amount,
        case
            when {{ has_tax_apart }} then refunds_converted.goods_amount_at_order_rate + case
                when {{ has_tax_in_shipping }}
                    then refunds_converted.shipping_amount_at_order_rate
                    - {{ without_tax('refunds_converted.shipping_amount_at_order_rate') }}
                else 0
            end
            else {{ without_tax('refunds_converted.goods_amount_at_order_rate') }}
        end as goods_amount_at_order_rate,
        int_refunds.is_refund_implied,
        int_refunds.refunded_at
    from refunds_converted
    inner join int_refunds on int_refunds.refund_id = refunds_converted.refund_id
    inner join order_charges on order_charges.order_id = refunds_converted.order_id
    inner join order_charges_landed on order_charges_landed.order_id = refunds_converted.order_id
)

-- What a refund that names goods can give back is goods, shipping and tax; without a name, other charges too. A refund
-- of a gift card or a fee gives back no goods.
select
    refund_parts.refund_id,
    refund_parts.order_id,
    order_charges.goods_charged,
    cast(
        order_charges.goods_charged + order_charges.other_charged - order_charges.other_charges_amount as decimal(18, 2)
    ) as goods_charge,
    cast(order_charges.goods_charged + order_charges.other_charged as decimal(18, 2)) as charge,
    refund_parts.is_unsplit and refund_kinds.line_type = 'goods' as is_of_goods,
    refund_parts.is_unsplit and refund_kinds.line_type is null as is_of_order,
    case
        when refund_parts.is_unsplit or refund_kinds.line_type <> 'goods' then 0
        when refund_kinds.line_type = 'goods' or order_charges.other_charges_amount = 0
            then refund_parts.goods_amount_at_order_rate
        else {{ mean_amount(
            'refund_parts.goods_amount_at_order_rate * cast(order_charges.goods_charged * 100 as decimal(18, 0))',
            'cast((order_charges.goods_charged + order_charges.other_charges_amount) * 100 as decimal(18, 0))'
        ) }}
    end as known_goods_amount,
    refund_parts.amount_at_order_rate,
    case when {{ is_own_currency }} then refund_parts.amount else 0 end as landed_amount,
    case
        when not {{ is_own_currency }} or refund_kinds.line_type <> 'goods' then 0
        when refund_parts.is_unsplit then refund_parts.amount * order_charges_landed.landed_goods_charged
        when refund_kinds.line_type = 'goods' or order_charges.other_charges_amount = 0
            then cast(refund_parts.landed_goods_amount as decimal(18, 6)) * order_charges_landed.landed_charged
    end as landed_goods_share,
    order_charges_landed.landed_total_amount,
    greatest(order_charges_landed.landed_goods_charged - 0.005, 0.001) * order_charges_landed.landed_charged
    as landed_charge_share,
    refund_parts.is_refund_implied,
    refund_parts.refunded_at
from refund_parts
inner join order_charges on order_charges.order_id = refund_parts.order_id
inner join order_charges_landed on order_charges_landed.order_id = refund_parts.order_id
left join orders_validated on orders_validated.order_id = refund_parts.order_id
left join refund_kinds on refund_kinds.refund_id = refund_parts.refund_id
-- Nothing is implied of an order that never counted.
where refund_parts.is_refund_implied is not true or orders_validated.is_valid
