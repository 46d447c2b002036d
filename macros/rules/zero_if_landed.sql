{# A sum or count where the shop lands such data (0 when nothing happened); null where it does not. #}
{% macro zero_if_landed(expression, has_data) -%}
    case when {{ has_data }} then coalesce({{ expression }}, 0) end
{%- endmacro %}
