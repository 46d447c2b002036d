{#
    The 0.975 quantile of Student's t with whole degrees of freedom, as a double, for the 95 % interval of a mean.
    Null below one degree of freedom.

    Up to nine degrees the values are listed; from ten on they are a polynomial in 1 / df, fitted to SciPy's quantile,
    with a relative error below 1e-13 (its first coefficients are those of the Cornish-Fisher expansion about the normal
    quantile).

    Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.5.
#}
{% macro t_quantile(degrees_of_freedom) -%}
    {%- set first_quantiles = [
        '12.7062047361747', '4.30265272974946', '3.18244630528371', '2.77644510519779', '2.57058183563631',
        '2.44691185114498', '2.36462425159278', '2.30600413520417', '2.2621571627982'
    ] -%}
    {%- set coefficients = [
        '1.95996398454014', '2.37227123018189', '2.82249864147024', '2.55584742853232', '1.58963521061326',
        '0.73028922260387', '0.66769680144146', '-0.235253926548377'
    ] -%}
    {%- set inverse = "(1 / cast(" ~ degrees_of_freedom ~ " as double))" -%}
    {%- set terms = namespace(sum="cast('" ~ coefficients[-1] ~ "' as double)") -%}
    {%- for coefficient in coefficients[:-1] | reverse -%}
        {%- set terms.sum = "cast('" ~ coefficient ~ "' as double) + " ~ inverse ~ " * (" ~ terms.sum ~ ")" -%}
    {%- endfor -%}
    case
        {%- for quantile in first_quantiles %}
        when {{ degrees_of_freedom }} = {{ loop.index }} then cast('{{ quantile }}' as double)
        {%- endfor %}
        when {{ degrees_of_freedom }} > {{ first_quantiles | length }} then {{ terms.sum }}
    end
{%- endmacro %}
