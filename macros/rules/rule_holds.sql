{# One bound of a rule kept as data: the value is on the bound's side, or the rule sets no bound (null). #}
{% macro rule_holds(value, operator, bound) -%}
    coalesce({{ value }} {{ operator }} {{ bound }}, {{ bound }} is null)
{%- endmacro %}
