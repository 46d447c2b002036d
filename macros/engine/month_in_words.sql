{# The month of a date in English words, such as May 2025. #}
{% macro month_in_words(date) -%}
    {{ return(adapter.dispatch('month_in_words', 'shopper_analytics')(date)) }}
{%- endmacro %}

{% macro default__month_in_words(date) -%}
    strftime({{ date }}, '%B %Y')
{%- endmacro %}

{% macro spark__month_in_words(date) -%}
    date_format({{ date }}, 'MMMM yyyy')
{%- endmacro %}
