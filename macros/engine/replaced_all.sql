{#
    Every match of a regular expression replaced. The caller doubles backslashes, in the pattern and before the numbers
    of groups in the replacement.
#}
{% macro replaced_all(expression, pattern, replacement) -%}
    {{ return(adapter.dispatch('replaced_all', 'shopper_analytics')(expression, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replaced_all(expression, pattern, replacement) -%}
    regexp_replace(
        {{ expression }},
        '{{ pattern | replace("\\\\", "\\") }}',
        '{{ replacement | replace("\\\\", "\\") }}',
        'g'
    )
{%- endmacro %}

{% macro spark__replaced_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement | replace("\\\\", "$") }}')
{%- endmacro %}
