with

order_items_valued as (
    select * from {{ ref('int_order_items_valued') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

stg_products as (
    select * from {{ ref('stg_products') }}
),

bought_lines as (
    select
        order_items_valued.order_id,
        order_items_valued.product_id,
        stg_products.category,
        orders_valued.customer_id,
        coalesce(customers.city_tier, 'unknown') as city_tier,
        orders_valued.order_date,
        orders_valued.ordered_at
    from order_items_valued
    inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
    inner join customers on customers.customer_id = orders_valued.customer_id
    left join stg_products on stg_products.product_id = order_items_valued.product_id
    where
        orders_valued.is_valid
        and order_items_valued.quantity > 0
        and order_items_valued.product_id is not null
)

{% for level in ['product', 'category'] -%}
{%- set item = 'product_id' if level == 'product' else level -%}
select distinct
    '{{ level }}' as level,
    order_id,
    {{ item }} as item,
    customer_id,
    city_tier,
    order_date,
    ordered_at
from bought_lines
where {{ item }} is not null
{{ "union all" if not loop.last }}
{% endfor %}
