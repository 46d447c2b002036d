{#
    A number of days in months, as a double of ten significant digits: a month is 365.25 / 12 = 30.4375 days.
    Null where the days are null or the divisor is 0.

    days     a whole number of days.
    divisor  a whole number that the months are divided by, such as the customers that the days are summed over.
#}
{% macro months_from_days(days, divisor='1') -%}
    {{ rounded_ratio(days_in_month_units(days), months_in_month_units(divisor)) }}
{%- endmacro %}


{#
    Days as a whole number of month units, of which a day is 16 and a month 487 (16 x 30.4375). Sums, comparisons and
    quotients in these units stay exact where months from days have to meet a threshold or divide money.
#}
{% macro days_in_month_units(days) -%}
    (16 * {{ days }})
{%- endmacro %}


{# Months as a whole number of month units. `months` is a number or a column of whole numbers. #}
{% macro months_in_month_units(months) -%}
    (487 * {{ months }})
{%- endmacro %}
