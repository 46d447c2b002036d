{#
    An aggregate: the quantile part / whole of a group's values by nearest rank, in whole numbers, so that the result is
    one of the values on every engine. Null values are left out.

    value   column with the values.
    place   column with the value's place in its group in ascending order, from 1, nulls last.
    number  column with the number of values of the group that are not null.
    part, whole   whole numbers: 9 and 10 for the ninth decile.
#}
{% macro ranked_quantile(value, place, number, part, whole) -%}
    min({{ value }}) filter (where {{ whole }} * {{ place }} >= {{ part }} * {{ number }})
{%- endmacro %}


{#
    An aggregate: twice the median of a group's values. Of an even number of values, the median is half way between the
    middle two.
#}
{% macro doubled_median(value, place, number) -%}
    {{ ranked_quantile(value, place, number, 1, 2) }}
    + min({{ value }}) filter (where 2 * {{ place }} > {{ number }})
{%- endmacro %}


{# The same aggregate of values that are not ranked: percentile_disc takes the lower of the middle two, or the upper. #}
{% macro doubled_median_of(value) -%}
    percentile_disc(0.5) within group (order by {{ value }})
    + percentile_disc(0.5) within group (order by {{ value }} desc)
{%- endmacro %}
