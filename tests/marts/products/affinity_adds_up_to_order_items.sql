-- Counts of items and baskets equal those of the mart order_items; otherwise every share and lift would be wrong.
with

product_affinity as (select * from {{ ref('product_affinity') }}),

order_items as (select * from {{ ref('order_items') }}),

bought_items as (
    {%- for level, item in [('product', 'product_id'), ('category', 'category')] %}
    select '{{ level }}' as level, {{ item }} as item, order_id
    from order_items
    where is_valid and quantity > 0 and product_id is not null and {{ item }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

orders_with_item as (
    select
        level,
        item,
        count(distinct order_id) as orders
    from bought_items
    group by level, item
),

orders_of_level as (
    select
        level,
        count(distinct order_id) as orders
    from bought_items
    group by level
)

select
    product_affinity.level,
    product_affinity.product_a,
    product_affinity.product_b,
    product_affinity.orders_a,
    product_affinity.orders_b,
    product_affinity.baskets
from product_affinity
left join orders_with_item as orders_a
    on orders_a.level = product_affinity.level
    and orders_a.item = product_affinity.product_a
left join orders_with_item as orders_b
    on orders_b.level = product_affinity.level
    and orders_b.item = product_affinity.product_b
left join orders_of_level on orders_of_level.level = product_affinity.level
where
    product_affinity.orders_a is distinct from orders_a.orders
    or product_affinity.orders_b is distinct from orders_b.orders
    or product_affinity.baskets is distinct from orders_of_level.orders
