{#
    A value that came with a moment, as it is known at the end of the as-of day: null where the moment lies later; a
    value without its moment is known.
#}
{% macro seen_with(column, moment) -%}
    case when {{ moment }} is null or {{ moment }} < run_period.as_of_end_at then {{ column }} end
{%- endmacro %}
