{# The last value of a window that is not null; the window follows the call. #}
{% macro last_known(expression) -%}
    {{ return(adapter.dispatch('last_known', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{% macro default__last_known(expression) -%}
    last_value({{ expression }} ignore nulls)
{%- endmacro %}

{% macro spark__last_known(expression) -%}
    last_value({{ expression }}, true)
{%- endmacro %}


{# The first value of a window that is not null; the window follows the call. #}
{% macro first_known(expression) -%}
    {{ return(adapter.dispatch('first_known', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{% macro default__first_known(expression) -%}
    first_value({{ expression }} ignore nulls)
{%- endmacro %}

{% macro spark__first_known(expression) -%}
    first_value({{ expression }}, true)
{%- endmacro %}
