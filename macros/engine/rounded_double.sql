{# A double rounded to ten significant digits, half away from zero; null stays null, 0 stays 0. #}
{% macro rounded_double(expression) -%}
    {{ return(adapter.dispatch('rounded_double', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{% macro default__rounded_double(expression) -%}
    case
        when {{ expression }} = 0 then cast(0 as double)
        else round({{ expression }}, cast(9 - floor(log10(abs({{ expression }}))) as integer))
    end
{%- endmacro %}

{# Spark rounds to a constant number of places only. #}
{% macro spark__rounded_double(expression) -%}
    try_cast(format_string('%.9e', {{ expression }}) as double)
{%- endmacro %}
