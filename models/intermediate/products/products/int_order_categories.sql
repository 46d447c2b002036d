with

orders_valued as (select * from {{ ref('int_orders_valued') }}),

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

stg_products as (select * from {{ ref('stg_products') }}),

orders_to_split as (
    select
        order_id,
        units,
        net_revenue,
        has_no_items
    from orders_valued
    where is_valid
),

-- An order without lines has category `unknown`: what it sold is not recorded.
category_parts as (
    select
        order_items_valued.order_id,
        coalesce(stg_products.category, 'unknown') as category,
        order_items_valued.quantity as units,
        order_items_valued.net_revenue
    from order_items_valued
    inner join orders_to_split on orders_to_split.order_id = order_items_valued.order_id
    left join stg_products on stg_products.product_id = order_items_valued.product_id
    union all
    select order_id, 'unknown' as category, units, net_revenue
    from orders_to_split
    where has_no_items
)

select
    order_id,
    category,
    cast(sum(units) as decimal(18, 3)) as units,
    {{ money('sum(net_revenue)') }} as net_revenue
from category_parts
group by order_id, category
