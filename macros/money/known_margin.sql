{#
    The gross margin of orders as far as their cost is known: null where no order has a known cost; 0 without orders, if
    the shop lands costs at all. `rows` has the columns orders, costed_orders and covered_gross_margin; inputs_present
    is in scope.
#}
{% macro known_margin(rows) -%}
    case
        when {{ rows }}.costed_orders > 0 or ({{ rows }}.orders = 0 and inputs_present.has_costs)
            then cast({{ rows }}.covered_gross_margin as decimal(18, 2))
    end
{%- endmacro %}
