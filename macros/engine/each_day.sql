{# One row for each day from a date to a later one, both included, in the select list of a query. #}
{% macro each_day(first_date, last_date) -%}
    {{ return(adapter.dispatch('each_day', 'shopper_analytics')(first_date, last_date)) }}
{%- endmacro %}

{% macro default__each_day(first_date, last_date) -%}
    cast(unnest(generate_series({{ first_date }}, {{ last_date }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__each_day(first_date, last_date) -%}
    explode(sequence({{ first_date }}, {{ last_date }}, interval 1 day))
{%- endmacro %}
