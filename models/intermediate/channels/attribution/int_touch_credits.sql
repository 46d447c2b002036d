with

touch_weights as (select * from {{ ref('int_touch_weights') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

weighted_orders as (
    select
        touch_weights.order_id,
        touch_weights.model,
        touch_weights.first_touch_number,
        1 as orders,
        orders_valued.net_revenue,
        touch_weights.weight
    from touch_weights
    inner join orders_valued on orders_valued.order_id = touch_weights.order_id
),

-- Equal remainders go to the channel touched first.
{{ split_by_largest_remainder(
    name='order_shares', rows='weighted_orders', whole=['order_id', 'model'], part='first_touch_number',
    amount='orders', weight='weight', result='credited_orders', places=9
) }},

{{ split_by_largest_remainder(
    name='revenue_shares', rows='weighted_orders', whole=['order_id', 'model'], part='first_touch_number',
    amount='net_revenue', weight='weight', result='credited_revenue'
) }}

select
    touch_weights.order_id,
    touch_weights.model,
    touch_weights.channel,
    order_shares.credited_orders,
    revenue_shares.credited_revenue
from touch_weights
inner join order_shares
    on order_shares.order_id = touch_weights.order_id
    and order_shares.model = touch_weights.model
    and order_shares.first_touch_number = touch_weights.first_touch_number
inner join revenue_shares
    on revenue_shares.order_id = touch_weights.order_id
    and revenue_shares.model = touch_weights.model
    and revenue_shares.first_touch_number = touch_weights.first_touch_number
