{# The calendar month of a date as text: 01 to 12. #}
{% macro month_text(date) -%}
    substr(cast({{ date }} as {{ dbt.type_string() }}), 6, 2)
{%- endmacro %}
