{#
    numerator / denominator as a decimal of four places, half up, by whole numbers alone, so that thresholds are met or
    missed exactly; null when the denominator is 0 or either is null. Both 0 or more: integers, or decimals of at most
    four places.
#}
{% macro exact_ratio(numerator, denominator) -%}
    cast(
        cast({{ whole_quotient(
            "(20000 * (" ~ numerator ~ ") + (" ~ denominator ~ ")) * 10000",
            "20000 * (" ~ denominator ~ ")"
        ) }} as decimal(22, 0)) * 0.0001
        as decimal(18, 4)
    )
{%- endmacro %}
