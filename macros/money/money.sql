{#
    An amount rounded to cents, half away from zero. The amount must be exact: a decimal, never a double. `round` first,
    because a plain cast of a wide decimal takes three times as long on DuckDB.
#}
{% macro money(expression) -%}
    cast(round({{ expression }}, 2) as decimal(18, 2))
{%- endmacro %}


{#
    An amount of another currency in the reporting currency, in cents: amount x rate, multiplied exactly, rounded once;
    null without a rate. A rate of 1, by far the most frequent, is not multiplied.
#}
{% macro converted(amount, rate) -%}
    case
        when {{ rate }} = 1 then {{ money(amount) }}
        else {{ money("cast(" ~ amount ~ " as decimal(27, 9)) * cast(" ~ rate ~ " as decimal(22, 12))") }}
    end
{%- endmacro %}


{#
    Units x price per unit in the reporting currency, in cents. Decimals of 38 digits, because the product of two of 18
    digits overflows at a thousand million; where it cannot reach that, decimals of 18 digits are much faster.
#}
{% macro converted_line(quantity, unit_price, rate) -%}
    case
        when {{ rate }} = 1 and {{ quantity }} between 0 and 9999 and {{ unit_price }} between 0 and 99999
            then {{ money("cast(" ~ quantity ~ " as decimal(18, 3)) * cast(" ~ unit_price ~ " as decimal(18, 6))") }}
        else {{ converted(
            "(cast(" ~ quantity ~ " as decimal(19, 3)) * cast(" ~ unit_price ~ " as decimal(19, 6)))", rate
        ) }}
    end
{%- endmacro %}
