with

product_lines as (
    select * from {{ ref('int_product_lines') }}
),

products as (
    select * from {{ ref('int_products') }}
),

sales as (
    select
        product_lines.product_id as product,
        products.category,
        product_lines.customer_id,
        product_lines.order_id,
        product_lines.net_revenue,
        product_lines.order_date
    from product_lines
    inner join products on products.product_id = product_lines.product_id
    where product_lines.is_sale
)

{% for level in ['product', 'category'] -%}
select
    '{{ level }}' as level,
    {{ level }} as item,
    customer_id,
    count(distinct order_id) as orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    order_date
from sales
group by {{ level }}, customer_id, order_date
{{ "union all" if not loop.last }}
{% endfor %}
