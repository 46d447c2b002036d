{#
    The period of a row grouped by `grouping sets ((month, ...), (...))`: the month as text (2025-03), or `all` for the
    row of all months together.
#}
{% macro period_of(month) -%}
    case when grouping({{ month }}) = 1 then 'all' else substr(cast({{ month }} as {{ dbt.type_string() }}), 1, 7) end
{%- endmacro %}
