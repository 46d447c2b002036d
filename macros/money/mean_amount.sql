{#
    An exact amount divided by a whole number above 0, in cents, half away from zero; null when the divisor is 0 or
    either is null. Decimals divided with `/` would turn into doubles.
#}
{% macro mean_amount(amount, divisor) -%}
    {%- set cents = "abs(cast(" ~ amount ~ " as decimal(28, 2))) * 100" -%}
    cast(
        cast({{ whole_quotient("2 * " ~ cents ~ " + (" ~ divisor ~ ")", "2 * (" ~ divisor ~ ")") }} as decimal(18, 0))
        * case when {{ amount }} < 0 then -0.01 else 0.01 end
        as decimal(18, 2)
    )
{%- endmacro %}
