-- Every valid order is in a category, and its categories add up to its revenue; otherwise category reports miss it.
with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_categories as (select * from {{ ref('int_order_categories') }}),

category_sums as (
    select
        order_id,
        sum(net_revenue) as net_revenue
    from order_categories
    group by order_id
)

select
    orders_valued.order_id,
    orders_valued.net_revenue as order_net_revenue,
    category_sums.net_revenue
from orders_valued
left join category_sums on category_sums.order_id = orders_valued.order_id
where
    orders_valued.is_valid
    and category_sums.net_revenue is distinct from orders_valued.net_revenue
