{# Whether the whole of a text matches a regular expression, which may be a column. #}
{% macro matches_pattern(expression, pattern) -%}
    {{ return(adapter.dispatch('matches_pattern', 'shopper_analytics')(expression, pattern)) }}
{%- endmacro %}

{% macro default__matches_pattern(expression, pattern) -%}
    regexp_full_match({{ expression }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches_pattern(expression, pattern) -%}
    {{ expression }} rlike concat('^(?:', {{ pattern }}, ')\\z')
{%- endmacro %}
