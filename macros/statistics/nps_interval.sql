{#
    Ends of the 95 % interval of a net promoter score in points (-100 to 100), by the variance (p + d - (p - d)^2) /
    n of the difference of two shares of the same answers, cut at -100 and 100; doubles of ten significant digits.
    Null without answers. It uses the normal distribution and has no width where all answers are equal, so it is
    not valid for a handful of answers.

    promoters, detractors, answers   whole numbers.

    Source: Rocks, B. (2016), Interval estimation for the "net promoter score". The American Statistician 70 (Wald).
#}
{% macro nps_low(promoters, detractors, answers) -%}
    case
        when {{ answers }} > 0
            then greatest({{ rounded_double(nps_end(promoters, detractors, answers, '-')) }}, cast(-100 as double))
    end
{%- endmacro %}


{% macro nps_high(promoters, detractors, answers) -%}
    case
        when {{ answers }} > 0
            then least({{ rounded_double(nps_end(promoters, detractors, answers, '+')) }}, cast(100 as double))
    end
{%- endmacro %}


{#
    One end of the interval, not rounded and not cut: 1.959963984540054 is the normal quantile of 0.975. Whole numbers
    under the root, n (P + D) - (P - D)^2, so that equal answers have no spread at all.
#}
{% macro nps_end(promoters, detractors, answers, side) -%}
    {%- set count = "nullif(cast(" ~ answers ~ " as double), 0)" -%}
    {%- set net = "(" ~ promoters ~ " - " ~ detractors ~ ")" -%}
    (
        100 * (
            cast({{ net }} as double)
            {{ side }} cast('1.959963984540054' as double) * sqrt(cast(
                {{ answers }} * ({{ promoters }} + {{ detractors }}) - {{ net }} * {{ net }} as double
            ) / {{ count }})
        ) / {{ count }}
    )
{%- endmacro %}
