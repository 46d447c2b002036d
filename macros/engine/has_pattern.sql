{# Whether a regular expression matches a part of a text. The caller doubles backslashes. #}
{% macro has_pattern(expression, pattern) -%}
    {{ return(adapter.dispatch('has_pattern', 'shopper_analytics')(expression, pattern)) }}
{%- endmacro %}

{% macro default__has_pattern(expression, pattern) -%}
    regexp_matches({{ expression }}, '{{ pattern | replace("\\\\", "\\") }}')
{%- endmacro %}

{% macro spark__has_pattern(expression, pattern) -%}
    {{ expression }} rlike '{{ pattern }}'
{%- endmacro %}
