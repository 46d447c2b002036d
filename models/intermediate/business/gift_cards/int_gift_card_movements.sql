with

stored_value_payments as (select * from {{ ref('int_stored_value_payments') }}),

order_line_roots as (select * from {{ ref('int_order_line_roots') }}),

order_lines_converted as (select * from {{ ref('int_order_lines_converted') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

refunds_valued as (select * from {{ ref('int_refunds_valued') }}),

-- A card is a debt of its face value, whatever discount it was sold at.
sold_cards as (
    select
        order_line_roots.order_item_id,
        order_line_roots.order_id,
        order_lines_converted.gross_amount as face_amount,
        order_lines_converted.line_value,
        orders_valued.order_date
    from order_line_roots
    inner join order_lines_converted on order_lines_converted.order_item_id = order_line_roots.order_item_id
    inner join orders_valued on orders_valued.order_id = order_line_roots.order_id
    where
        order_line_roots.line_type = 'gift_card'
        and (orders_valued.is_valid or orders_valued.invalid_reason = 'no_goods')
),

card_orders as (
    select
        sold_cards.order_id,
        sum(sold_cards.line_value) as card_value,
        max(order_charges.other_charged) as other_charged
    from sold_cards
    inner join order_charges on order_charges.order_id = sold_cards.order_id
    group by sold_cards.order_id
),

paid_orders as (
    select distinct
        order_id,
        paid_amount,
        stored_value_amount
    from stored_value_payments
    where not has_credit and paid_amount > 0 and stored_value_amount > 0
)

select order_item_id as source_id, 'sold' as movement, face_amount as amount, order_date as movement_date
from sold_cards
union all
select
    payment_id as source_id,
    case when is_credit then 'credited' else 'redeemed' end as movement,
    amount,
    payment_date as movement_date
from stored_value_payments
where amount <> 0
union all
-- Money goes back the way it came, where no payment says otherwise.
select
    refunds_valued.refund_id as source_id,
    'credited' as movement,
    {{ mean_amount(
        '(refunds_valued.goods_amount + refunds_valued.other_amount)'
        ~ ' * cast(paid_orders.stored_value_amount * 100 as decimal(18, 0))',
        'cast(paid_orders.paid_amount * 100 as decimal(18, 0))'
    ) }} as amount,
    refunds_valued.refund_date as movement_date
from refunds_valued
inner join paid_orders on paid_orders.order_id = refunds_valued.order_id
union all
-- A refund that names no line gives back cards in their share of what the order charges beside goods.
select
    refunds_valued.refund_id as source_id,
    'refunded' as movement,
    case
        when refunds_valued.line_type = 'gift_card'
            then cast(refunds_valued.goods_amount + refunds_valued.other_amount as decimal(18, 2))
        else {{ mean_amount(
            'refunds_valued.other_amount * cast(card_orders.card_value * 100 as decimal(18, 0))',
            'cast(card_orders.other_charged * 100 as decimal(18, 0))'
        ) }}
    end as amount,
    refunds_valued.refund_date as movement_date
from refunds_valued
inner join card_orders on card_orders.order_id = refunds_valued.order_id
where coalesce(refunds_valued.line_type, 'gift_card') = 'gift_card'
