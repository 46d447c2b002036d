{#
    The factors whose product is net revenue, in order: name, what is counted, for each of what (null: nothing).
    Neighbours cancel out, so that the product is exact.
#}
{% macro revenue_factors() -%}
    {{ return([
        ('customers', 'customers', none),
        ('orders_per_customer', 'orders', 'customers'),
        ('items_per_order', 'items', 'orders'),
        ('price_per_item', 'net_revenue', 'items'),
    ]) }}
{%- endmacro %}
