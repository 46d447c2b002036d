{# Integer division of whole numbers of up to 38 digits, rounded down for positive ones; null when the divisor is 0. #}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient', 'shopper_analytics')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__whole_quotient(dividend, divisor) -%}
    cast(cast({{ dividend }} as hugeint) // nullif(cast({{ divisor }} as hugeint), 0) as decimal(38, 0))
{%- endmacro %}

{% macro spark__whole_quotient(dividend, divisor) -%}
    cast(cast({{ dividend }} as decimal(38, 0)) div nullif(cast({{ divisor }} as decimal(38, 0)), 0) as decimal(38, 0))
{%- endmacro %}
