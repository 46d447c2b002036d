with

basket_lines as (select * from {{ ref('int_basket_lines') }}),

int_customers as (select * from {{ ref('int_customers') }}),

basket_cutoff as (select * from {{ ref('int_basket_cutoff') }}),

bought_lines as (
    select
        basket_lines.order_id,
        basket_lines.product_id,
        basket_lines.category,
        basket_lines.customer_id,
        coalesce(int_customers.city_tier, 'unknown') as city_tier,
        basket_lines.is_known_customer,
        coalesce(basket_lines.order_date < basket_cutoff.cutoff_date, false) as is_training,
        basket_lines.order_date,
        basket_lines.ordered_at
    from basket_lines
    inner join int_customers on int_customers.customer_id = basket_lines.customer_id
    cross join basket_cutoff
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
