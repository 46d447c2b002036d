{#
    numerator / denominator as a double of ten significant digits; null when the denominator is 0 or less (a loss on a
    loss is no rate of 1) or either is null. Both must be exact (integers or decimals, sums of them included), so that
    the result never depends on row order.
#}
{% macro rounded_ratio(numerator, denominator) -%}
    {{ rounded_double(
        "cast(" ~ numerator ~ " as double) / nullif(greatest(cast(" ~ denominator ~ " as double), 0), 0)"
    ) }}
{%- endmacro %}
