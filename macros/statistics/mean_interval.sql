{#
    Ends of the 95 % interval of a mean by Student's t, from exact sums, as doubles of ten significant digits. Null
    below two values, which have no spread; without width where all values are equal.

    total    sum of the values, a decimal of at most six places below 10^13.
    squares  sum of their squares, a decimal below 10^16.
    number   number of values, a whole number below 10^10.

    Source: Student (1908), The probable error of a mean. Biometrika 6.
#}
{% macro mean_low(total, squares, number) -%}
    {{ rounded_double(mean_end(total, squares, number, '-')) }}
{%- endmacro %}


{% macro mean_high(total, squares, number) -%}
    {{ rounded_double(mean_end(total, squares, number, '+')) }}
{%- endmacro %}


{#
    One end of the interval, not rounded. The spread, number x squares - total x total, is taken from decimals: of
    doubles it would not be 0 where all values are equal.
#}
{% macro mean_end(total, squares, number, side) -%}
    {%- set sum = "cast(" ~ total ~ " as decimal(19, 6))" -%}
    {%- set count = "cast(" ~ number ~ " as double)" -%}
    {%- set spread = "cast(cast(" ~ number ~ " as decimal(10, 0)) * cast(" ~ squares ~ " as decimal(28, 12)) - "
        ~ sum ~ " * " ~ sum ~ " as double)" -%}
    (
        cast({{ total }} as double) / nullif({{ count }}, 0)
        {{ side }} {{ t_quantile("(" ~ number ~ " - 1)") }}
        * sqrt({{ spread }} / nullif({{ count }} * {{ count }} * ({{ count }} - 1), 0))
    )
{%- endmacro %}
