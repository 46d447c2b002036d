{# A sum or count: 0 when nothing happened, null where the shop does not land the data. #}
{% macro zero_if_landed(expression, has_data) -%}
    case when {{ has_data }} then coalesce({{ expression }}, 0) end
{%- endmacro %}
