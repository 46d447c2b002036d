{#
    Ends of the 95 % interval of a lift, the share of both over the product of the shares of each, from whole counts: of
    both, of each, and of all. Doubles of ten significant digits; null where a count is 0.

    The logarithm of a lift is close to normal. By the delta method for the counts of both, the one alone, the other
    alone and neither (multinomial), its variance is
    1 / both - 1 / first - 1 / second + 2 x both / (first x second) - 1 / all.

    Source: Agresti, A. (2013), Categorical Data Analysis, 3rd edition, 16.1 (delta method for multinomial counts).
#}
{% macro lift_low(both, first, second, all) -%}
    {{ rounded_double(lift_end(both, first, second, all, '-')) }}
{%- endmacro %}


{% macro lift_high(both, first, second, all) -%}
    {{ rounded_double(lift_end(both, first, second, all, '+')) }}
{%- endmacro %}


{# One end of the interval, not rounded: 1.959963984540054 is the normal quantile of 0.975. #}
{% macro lift_end(both, first, second, all, side) -%}
    {%- set both_count = "nullif(cast(" ~ both ~ " as double), 0)" -%}
    {%- set first_count = "nullif(cast(" ~ first ~ " as double), 0)" -%}
    {%- set second_count = "nullif(cast(" ~ second ~ " as double), 0)" -%}
    {%- set all_count = "nullif(cast(" ~ all ~ " as double), 0)" -%}
    (
        {{ both_count }} * {{ all_count }} / ({{ first_count }} * {{ second_count }})
        * exp(
            {{ side }} cast('1.959963984540054' as double) * sqrt(greatest(
                1 / {{ both_count }} - 1 / {{ first_count }} - 1 / {{ second_count }}
                + 2 * {{ both_count }} / ({{ first_count }} * {{ second_count }}) - 1 / {{ all_count }},
                cast(0 as double)
            ))
        )
    )
{%- endmacro %}
