with

product_lines as (select * from {{ ref('int_product_lines') }}),

int_customers as (select * from {{ ref('int_customers') }}),

basket_cutoff as (select * from {{ ref('int_basket_cutoff') }}),

bought_lines as (
    select
        product_lines.order_id,
        product_lines.product_id,
        product_lines.category,
        product_lines.customer_id,
        coalesce(int_customers.city_tier, 'unknown') as city_tier,
        product_lines.is_known_customer,
        coalesce(product_lines.order_date < basket_cutoff.cutoff_date, false) as is_training,
        product_lines.order_date,
        product_lines.ordered_at
    from product_lines
    inner join int_customers on int_customers.customer_id = product_lines.customer_id
    cross join basket_cutoff
    where product_lines.is_sale
)

{% for level in ['product', 'category'] -%}
{%- set item = 'product_id' if level == 'product' else level -%}
select distinct
    '{{ level }}' as level,
    order_id,
    {{ item }} as item,
    customer_id,
    city_tier,
    is_known_customer,
    is_training,
    order_date,
    ordered_at
from bought_lines
where {{ item }} is not null
{{ "union all" if not loop.last }}
{% endfor %}
