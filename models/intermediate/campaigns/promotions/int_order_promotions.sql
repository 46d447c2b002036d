with

stg_order_discounts as (select * from {{ ref('stg_order_discounts') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_charges as (select * from {{ ref('int_order_charges') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

converted_discounts as (
    select
        stg_order_discounts.order_id,
        stg_order_discounts.promotion_code,
        coalesce(stg_order_discounts.target, 'goods') as target,
        {{ converted('coalesce(stg_order_discounts.amount, 0)', 'exchange_rates_daily.rate') }} as amount,
        orders_valued.item_discount_amount + orders_valued.order_discount_amount as order_discount
    from stg_order_discounts
    inner join orders_valued on orders_valued.order_id = stg_order_discounts.order_id
    inner join exchange_rates_daily
        on exchange_rates_daily.currency = orders_valued.currency
        and exchange_rates_daily.rate_date = orders_valued.order_date
    where stg_order_discounts.promotion_code is not null
),

explained_codes as (
    select
        order_id,
        promotion_code,
        sum(case when target = 'goods' then amount else 0 end) as goods_amount,
        sum(case when target = 'shipping' then amount else 0 end) as shipping_amount,
        max(order_discount) as order_discount
    from converted_discounts
    group by order_id, promotion_code
),

explained_orders as (
    select
        order_id,
        sum(goods_amount) as goods_amount,
        max(order_discount) as order_discount
    from explained_codes
    group by order_id
),

-- Codes explain the order's discount and add none: more than it are taken in proportion. Off prices that include tax
-- they hold tax too.
capped_codes as (
    select
        explained_codes.order_id,
        explained_codes.promotion_code,
        explained_codes.goods_amount,
        explained_codes.shipping_amount,
        {{ money('least(' ~ without_tax('explained_orders.goods_amount') ~ ', explained_orders.order_discount)') }}
        as explained_amount
    from explained_codes
    inner join explained_orders on explained_orders.order_id = explained_codes.order_id
    inner join order_charges on order_charges.order_id = explained_codes.order_id
),

{{ split_by_largest_remainder(
    name='goods_shares', rows='capped_codes', whole=['order_id'], part='promotion_code',
    amount='explained_amount', weight='goods_amount', result='goods_share'
) }}

select
    capped_codes.order_id,
    capped_codes.promotion_code,
    cast(0 as decimal(18, 2)) as item_discount_amount,
    coalesce(goods_shares.goods_share, 0) as order_discount_amount,
    {{ money('capped_codes.shipping_amount') }} as shipping_discount_amount
from capped_codes
left join goods_shares
    on goods_shares.order_id = capped_codes.order_id
    and goods_shares.promotion_code = capped_codes.promotion_code
union all
-- An order's only code has all its discounts.
select
    orders_valued.order_id,
    orders_valued.promotion_code,
    orders_valued.item_discount_amount,
    orders_valued.order_discount_amount,
    orders_valued.shipping_discount_amount
from orders_valued
left join explained_orders on explained_orders.order_id = orders_valued.order_id
where orders_valued.promotion_code is not null and explained_orders.order_id is null
