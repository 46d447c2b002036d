{# Integer division of whole numbers of up to 38 digits, rounded down for positive ones; null when the divisor is 0. #}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient', 'shopper_analytics')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__whole_quotient(dividend, divisor) -%}
    cast(cast({{ dividend }} as hugeint) // nullif(cast({{ divisor }} as hugeint), 0) as decimal(38, 0))
{%- endmacro %}

{# Spark's `div` is a bigint. Without its remainder the dividend divides exactly; the quotient has up to 32 digits. #}
{% macro spark__whole_quotient(dividend, divisor) -%}
    {%- set whole_dividend = "cast(" ~ dividend ~ " as decimal(38, 0))" -%}
    {%- set whole_divisor = "nullif(cast(" ~ divisor ~ " as decimal(38, 0)), 0)" -%}
    cast(({{ whole_dividend }} - {{ whole_dividend }} % {{ whole_divisor }}) / {{ whole_divisor }} as decimal(38, 0))
{%- endmacro %}
