-- An order in no category, or whose categories are not its revenue, would be missing from every assortment report.
with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

order_categories as (
    select * from {{ ref('int_order_categories') }}
),

of_categories as (
    select
        order_id,
        sum(net_revenue) filter (where category <> 'all') as category_net_revenue,
        sum(net_revenue) filter (where category = 'all') as net_revenue
    from order_categories
    group by order_id
)

select
    orders_valued.order_id,
    orders_valued.net_revenue as order_net_revenue,
    of_categories.net_revenue,
    of_categories.category_net_revenue
from orders_valued
left join of_categories on of_categories.order_id = orders_valued.order_id
where
    orders_valued.is_valid
    and (
        of_categories.net_revenue is distinct from orders_valued.net_revenue
        or of_categories.category_net_revenue is distinct from orders_valued.net_revenue
    )
