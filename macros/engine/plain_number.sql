{# Text as the engine's casts to numbers take it: ASCII digits, which underscores may part. #}
{% macro plain_number(text) -%}
    {{ return(adapter.dispatch('plain_number', 'shopper_analytics')(text)) }}
{%- endmacro %}

{% macro default__plain_number(text) -%}
    {{ text }}
{%- endmacro %}

{# Spark reads digits of every script and the suffixes of Java (12d), but no underscores. #}
{% macro spark__plain_number(text) -%}
    case when {{ text }} rlike '^[-+0-9._eE]+$' then regexp_replace({{ text }}, '(?<=[0-9])_(?=[0-9])', '') end
{%- endmacro %}
