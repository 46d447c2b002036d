{#
    numerator / denominator as a decimal of four places (or of `places`, at most eight), half up, computed in whole
    numbers only, so that comparisons with thresholds are exact; null when the denominator is 0 or either is null. Both
    0 or more: integers, or decimals of at most four places.
#}
{% macro exact_ratio(numerator, denominator, places=4) -%}
    {%- set doubled = '2' ~ '0' * places -%}
    cast(
        cast({{ whole_quotient(
            "(" ~ doubled ~ " * (" ~ numerator ~ ") + (" ~ denominator ~ ")) * 10000",
            "20000 * (" ~ denominator ~ ")"
        ) }} as decimal(22, 0)) * {{ '0.' ~ '0' * (places - 1) ~ '1' }}
        as decimal({{ 14 + places }}, {{ places }})
    )
{%- endmacro %}
