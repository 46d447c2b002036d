with

refund_shares as (select * from {{ ref('int_refund_shares') }}),

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
        is_refund_implied
        or (landed_total_amount > 0 and sum(landed_amount) over refunds_of_order >= landed_total_amount)
        or sum(coalesce(landed_goods_share, 0)) over refunds_of_order >= landed_charge_share as is_full,
        row_number() over refunds_of_order as refund_number
    from refund_shares
    window refunds_of_order as (
        partition by order_id order by refunded_at, refund_id rows between unbounded preceding and current row
    )
),

-- Goods never take an order's net revenue below 0. All are back once the order is refunded in full, as landed: in
-- another currency, the cents of its refunds are not those of its lines.
goods_sums as (
    select
        refund_id,
        order_id,
        refund_number,
        case when is_full then goods_charged else least(
            goods_charged,
            known_goods_amount
            {%- for unsplit, charge in [('unsplit_of_goods', 'goods_charge'), ('unsplit_of_order', 'charge')] %}
            + coalesce({{ mean_amount(
                unsplit ~ " * cast(goods_charged * 100 as decimal(18, 0))",
                "cast(" ~ charge ~ " * 100 as decimal(18, 0))"
            ) }}, 0)
            {%- endfor %}
        ) end as goods_so_far
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
    refund_shares.refund_id,
    refund_shares.order_id,
    order_refunds.goods_amount_at_order_rate,
    {{ money('greatest(refund_shares.amount_at_order_rate - order_refunds.goods_amount_at_order_rate, 0)') }}
    as other_amount_at_order_rate,
    refund_shares.is_refund_implied
from refund_shares
inner join order_refunds on order_refunds.refund_id = refund_shares.refund_id
