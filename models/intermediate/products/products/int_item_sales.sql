with

product_lines as (select * from {{ ref('int_product_lines') }}),

lines_sold as (
    select
        product_id as product,
        coalesce(category, 'unknown') as category,
        customer_id,
        order_id,
        net_revenue,
        is_known_customer,
        order_date
    from product_lines
    where is_sale
)

{% for level in ['product', 'category'] -%}
select
    '{{ level }}' as level,
    {{ level }} as item,
    customer_id,
    count(distinct order_id) as orders,
    {{ money('sum(net_revenue)') }} as net_revenue,
    is_known_customer,
    order_date
from lines_sold
group by {{ level }}, customer_id, is_known_customer, order_date
{{ "union all" if not loop.last }}
{% endfor %}
