{# Rows for which a condition holds; null where it is unknown for all of them, because its input is not landed. #}
{% macro known_count(condition) -%}
    case when count({{ condition }}) > 0 then count(case when {{ condition }} then 1 end) end
{%- endmacro %}
