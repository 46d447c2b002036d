{# The as-of date: the var where it is set, else the given date of the data. #}
{% macro as_of_date(from_data) -%}
    {%- if var('as_of_date', none) -%} cast('{{ var("as_of_date", none) }}' as date)
    {%- else -%} {{ from_data }}
    {%- endif -%}
{%- endmacro %}
