with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_promotions as (select * from {{ ref('int_order_promotions') }}),

promotions_dated as (select * from {{ ref('int_promotions_dated') }})

-- A promotion runs on whole local days, the first and the last included.
select
    order_promotions.promotion_code,
    count(*) as orders,
    count(*) filter (
        where orders_valued.order_date < promotions_dated.start_date
        or orders_valued.order_date > promotions_dated.end_date
    ) as orders_outside_dates,
    count(distinct case when orders_valued.is_known_customer then orders_valued.customer_id end) as customers,
    count(*) filter (where orders_valued.is_first_order) as new_customers,
    {{ costed_orders('orders_valued') }} as costed_orders,
    {{ money('sum(orders_valued.gross_amount)') }} as gross_amount,
    {{ money('sum(order_promotions.item_discount_amount)') }} as item_discount_amount,
    {{ money('sum(order_promotions.order_discount_amount)') }} as order_discount_amount,
    {{ money('sum(order_promotions.shipping_discount_amount)') }} as shipping_discount_amount,
    {{ money('sum(orders_valued.net_revenue)') }} as net_revenue,
    {{ money('sum(orders_valued.covered_net_revenue)') }} as covered_net_revenue,
    {{ money('sum(orders_valued.covered_gross_margin)') }} as covered_gross_margin
from order_promotions
inner join orders_valued on orders_valued.order_id = order_promotions.order_id
inner join promotions_dated on promotions_dated.promotion_code = order_promotions.promotion_code
where orders_valued.is_valid
group by order_promotions.promotion_code
