{# Whether a value satisfies one bound of a rule in a seed; a null bound always holds. #}
{% macro rule_holds(value, operator, bound) -%}
    coalesce({{ value }} {{ operator }} {{ bound }}, {{ bound }} is null)
{%- endmacro %}
