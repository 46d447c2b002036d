{# Names as one SQL text, comma-separated; null where there are none. #}
{% macro text_list(names) -%}
    {%- if names -%} '{{ names | join(', ') | replace("'", "''") }}'
    {%- else -%} cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
