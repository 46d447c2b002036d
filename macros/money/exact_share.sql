{#
    A part of a whole as a decimal of nine places, so that shares can be weighted and added up exactly; null when the
    whole is 0 or either is null. Both must be exact: whole numbers, or decimals.
#}
{% macro exact_share(part, whole) -%}
    cast(cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0) as decimal(18, 9))
{%- endmacro %}
