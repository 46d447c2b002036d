{# The two-hour band of an hour (0-23) as text: 08-10, 20-22, 22-24. #}
{% macro two_hour_band(hour) -%}
    lpad(cast({{ hour }} - {{ hour }} % 2 as {{ dbt.type_string() }}), 2, '0')
    || '-' || lpad(cast({{ hour }} - {{ hour }} % 2 + 2 as {{ dbt.type_string() }}), 2, '0')
{%- endmacro %}
