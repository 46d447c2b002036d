{#
    A part of a whole as a decimal of nine places, so that shares can be weighted and added up exactly; null when the
    whole is 0 or either is null. Both must be exact: whole numbers, or decimals.
#}
{% macro exact_share(part, whole) -%}
    {{ return(adapter.dispatch('exact_share', 'shopper_analytics')(part, whole)) }}
{%- endmacro %}

{% macro default__exact_share(part, whole) -%}
    cast(cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0) as decimal(18, 9))
{%- endmacro %}

{#
    DuckDB casts a double to a decimal by rounding the double times 10^9; Spark would round its decimal notation, which
    is another number where a share lies between two of nine places.
#}
{% macro spark__exact_share(part, whole) -%}
    cast(
        cast(round(cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0) * 1e9) as decimal(18, 0))
        * 0.000000001 as decimal(18, 9)
    )
{%- endmacro %}
