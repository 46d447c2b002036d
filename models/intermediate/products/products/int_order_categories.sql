with

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

order_items_valued as (
    select * from {{ ref('int_order_items_valued') }}
),

products as (
    select * from {{ ref('int_products') }}
),

valid_orders as (
    select
        order_id,
        units,
        net_revenue,
        has_no_items
    from orders_valued
    where is_valid
),

-- An order without lines sold something that nobody knows.
category_parts as (
    select
        order_items_valued.order_id,
        coalesce(products.category, 'unknown') as category,
        order_items_valued.quantity as units,
        order_items_valued.net_revenue
    from order_items_valued
    inner join valid_orders on valid_orders.order_id = order_items_valued.order_id
    left join products on products.product_id = order_items_valued.product_id
    union all
    select order_id, 'unknown' as category, units, net_revenue
    from valid_orders
    where has_no_items
    union all
    select order_id, 'all' as category, units, net_revenue
    from valid_orders
)

select
    order_id,
    category,
    cast(sum(units) as decimal(18, 3)) as units,
    {{ money('sum(net_revenue)') }} as net_revenue
from category_parts
group by order_id, category
