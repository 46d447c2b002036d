with

order_items_valued as (select * from {{ ref('int_order_items_valued') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

stg_products as (select * from {{ ref('stg_products') }}),

bought_products as (
    select
        orders_valued.customer_id,
        order_items_valued.product_id,
        stg_products.category,
        stg_products.brand,
        order_items_valued.net_revenue
    from order_items_valued
    inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
    left join stg_products on stg_products.product_id = order_items_valued.product_id
    where
        orders_valued.is_valid
        and orders_valued.is_known_customer
        and order_items_valued.quantity > 0
),

product_counts as (
    select
        customer_id,
        count(distinct product_id) as distinct_products
    from bought_products
    group by customer_id
),

spending as (
    select customer_id, 'category' as taste, category as taste_value, net_revenue from bought_products
    union all
    select customer_id, 'brand' as taste, brand as taste_value, net_revenue from bought_products
),

taste_spending as (
    select
        customer_id,
        taste,
        taste_value,
        sum(net_revenue) as net_revenue,
        count(*) as order_lines
    from spending
    where taste_value is not null
    group by customer_id, taste, taste_value
),

-- A tie goes to the value with more order lines, then to the smaller name, so that the result is deterministic.
ranked_tastes as (
    select
        customer_id,
        taste,
        taste_value,
        row_number() over (
            partition by customer_id, taste
            order by net_revenue desc, order_lines desc, taste_value
        ) as taste_rank
    from taste_spending
),

top_tastes as (
    select
        customer_id,
        max(taste_value) filter (where taste = 'category') as top_category,
        max(taste_value) filter (where taste = 'brand') as top_brand
    from ranked_tastes
    where taste_rank = 1
    group by customer_id
)

select
    product_counts.customer_id,
    top_tastes.top_category,
    top_tastes.top_brand,
    product_counts.distinct_products
from product_counts
left join top_tastes on top_tastes.customer_id = product_counts.customer_id
