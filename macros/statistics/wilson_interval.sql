{#
    Ends of the 95 % interval of a share by Wilson: successes of trials, both whole numbers, as doubles of ten
    significant digits. Null without trials; 0 and 1 are exact ends where nothing or everything succeeded.

    Source: Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference. JASA 22.
#}
{% macro wilson_low(successes, trials) -%}
    case
        when {{ trials }} > 0 and {{ successes }} = 0 then cast(0 as double)
        else {{ rounded_double(wilson_end(successes, trials, '-')) }}
    end
{%- endmacro %}


{% macro wilson_high(successes, trials) -%}
    case
        when {{ trials }} > 0 and {{ successes }} = {{ trials }} then cast(1 as double)
        else {{ rounded_double(wilson_end(successes, trials, '+')) }}
    end
{%- endmacro %}


{# One end of the interval, not rounded: 1.959963984540054 is the normal quantile of 0.975. #}
{% macro wilson_end(successes, trials, side) -%}
    {%- set quantile = "cast('1.959963984540054' as double)" -%}
    {%- set hits = "cast(" ~ successes ~ " as double)" -%}
    {%- set count = "nullif(cast(" ~ trials ~ " as double), 0)" -%}
    (
        (
            2 * {{ hits }} + {{ quantile }} * {{ quantile }}
            {{ side }} {{ quantile }} * sqrt(
                {{ quantile }} * {{ quantile }} + 4 * {{ hits }} * ({{ count }} - {{ hits }}) / {{ count }}
            )
        )
        / (2 * ({{ count }} + {{ quantile }} * {{ quantile }}))
    )
{%- endmacro %}
