{#
    numerator / denominator as a double of ten significant digits; null when the denominator is 0 or either is null.
    Both must be exact (integers or decimals, sums of them included), so that the result never depends on row order.
#}
{% macro rounded_ratio(numerator, denominator) -%}
    {{ rounded_double(
        "cast(" ~ numerator ~ " as double) / nullif(cast(" ~ denominator ~ " as double), 0)"
    ) }}
{%- endmacro %}
