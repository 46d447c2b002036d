{#
    Ends of the 95 % interval of the difference of two independent shares (one less the other) by Newcombe's hybrid
    score method: from the shares and their Wilson intervals. It is valid with few trials and with shares of 0 and 1,
    where the Wald interval has no width. Doubles of ten significant digits; null where a share is.

    share, low, high           the first share, and its interval by wilson_low and wilson_high.
    other, other_low, ...      the same of the second share.

    Source: Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions, method 10.
    Statistics in Medicine 17.
#}
{% macro newcombe_low(share, low, high, other, other_low, other_high) -%}
    {{ rounded_double(
        "(" ~ share ~ " - " ~ other ~ " - sqrt(("
        ~ share ~ " - " ~ low ~ ") * (" ~ share ~ " - " ~ low ~ ") + ("
        ~ other_high ~ " - " ~ other ~ ") * (" ~ other_high ~ " - " ~ other ~ ")))"
    ) }}
{%- endmacro %}


{% macro newcombe_high(share, low, high, other, other_low, other_high) -%}
    {{ rounded_double(
        "(" ~ share ~ " - " ~ other ~ " + sqrt(("
        ~ high ~ " - " ~ share ~ ") * (" ~ high ~ " - " ~ share ~ ") + ("
        ~ other ~ " - " ~ other_low ~ ") * (" ~ other ~ " - " ~ other_low ~ ")))"
    ) }}
{%- endmacro %}
