{#
    Number of orders with a known margin: those with revenue or margin on lines of known cost. An order that was free
    and was returned has neither, so its cost does not count as known. `rows` is a relation with covered_net_revenue and
    covered_gross_margin.
#}
{% macro costed_orders(rows) -%}
    count(*) filter (where {{ rows }}.covered_net_revenue <> 0 or {{ rows }}.covered_gross_margin <> 0)
{%- endmacro %}
