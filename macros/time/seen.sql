{# A timestamp as it is known at the end of the as-of day: null where it lies later. #}
{% macro seen(column) -%}
    case when {{ column }} < run_period.as_of_end_at then {{ column }} end
{%- endmacro %}
