{%- set unsplit = 'refunds_converted.other_amount is null' -%}
with

stg_refunds as (select * from {{ ref('stg_refunds') }}),

refunds_converted as (select * from {{ ref('int_refunds_converted') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

refund_kinds as (select * from {{ ref('int_refund_kinds') }}),

-- What a refund that names goods can give back is goods, shipping and tax; without a name, other charges too. A refund
-- of a gift card or a fee gives back no goods.
split_refunds as (
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
                then refunds_converted.amount_at_order_rate - refunds_converted.other_amount_at_order_rate
            else {{ mean_amount(
                '(refunds_converted.amount_at_order_rate - refunds_converted.other_amount_at_order_rate)'
                ~ ' * cast(order_charges.goods_charged * 100 as decimal(18, 0))',
                'cast((order_charges.goods_charged + order_charges.other_charges_amount) * 100 as decimal(18, 0))'
            ) }}
        end as known_goods_amount,
        refunds_converted.amount_at_order_rate,
        stg_refunds.refunded_at
    from refunds_converted
    inner join stg_refunds on stg_refunds.refund_id = refunds_converted.refund_id
    inner join order_charges on order_charges.order_id = refunds_converted.order_id
    left join refund_kinds on refund_kinds.refund_id = refunds_converted.refund_id
),

-- What an order has given back up to and with each refund; refunds of the same moment are taken by their id. Sums and
-- not single refunds are split, so that the cents of several refunds add up to the order's.
accumulated_refunds as (
    select
        refund_id,
        order_id,
        goods_charged,
        goods_charge,
        charge,
        sum(case when is_of_goods then amount_at_order_rate else 0 end) over refunds_of_order as unsplit_of_goods,
        sum(case when is_of_order then amount_at_order_rate else 0 end) over refunds_of_order as unsplit_of_order,
        sum(coalesce(known_goods_amount, 0)) over refunds_of_order as known_goods_amount,
        row_number() over refunds_of_order as refund_number
    from split_refunds
    window refunds_of_order as (
        partition by order_id order by refunded_at, refund_id rows between unbounded preceding and current row
    )
),

-- Goods never take an order's net revenue below 0.
goods_sums as (
    select
        refund_id,
        order_id,
        refund_number,
        least(
            goods_charged,
            known_goods_amount
            {%- for unsplit, charge in [('unsplit_of_goods', 'goods_charge'), ('unsplit_of_order', 'charge')] %}
            + coalesce({{ mean_amount(
                unsplit ~ " * cast(goods_charged * 100 as decimal(18, 0))", "cast(" ~ charge ~ " * 100 as decimal(18, 0))"
            ) }}, 0)
            {%- endfor %}
        ) as goods_so_far
    from accumulated_refunds
),

order_refunds as (
    select
        refund_id,
        {{ money("goods_so_far - lag(goods_so_far, 1, 0) over (partition by order_id order by refund_number)") }}
        as goods_amount_at_order_rate
    from goods_sums
)

select
    refunds_converted.refund_id,
    refunds_converted.order_id,
    order_refunds.goods_amount_at_order_rate,
    {{ money('refunds_converted.amount_at_order_rate - order_refunds.goods_amount_at_order_rate') }}
    as other_amount_at_order_rate
from refunds_converted
inner join order_refunds on order_refunds.refund_id = refunds_converted.refund_id
