{#
    The gross margin of orders as far as their cost is known: 0 without orders, null where no order has a known cost.
    `rows` has the columns orders, costed_orders and covered_gross_margin.
#}
{% macro known_margin(rows) -%}
    case
        when {{ rows }}.orders = 0 or {{ rows }}.costed_orders > 0
            then cast({{ rows }}.covered_gross_margin as decimal(18, 2))
    end
{%- endmacro %}
