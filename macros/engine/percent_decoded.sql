{# Text with its percent signs decoded once; unchanged where they are malformed or do not make valid text. #}
{% macro percent_decoded(expression) -%}
    {{ return(adapter.dispatch('percent_decoded', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{% macro default__percent_decoded(expression) -%}
    coalesce(try(url_decode({{ expression }})), {{ expression }})
{%- endmacro %}

{#
    Spark decodes a plus sign too, refuses the whole text for one percent sign without two digits, and puts a
    replacement character where bytes make no text.
#}
{% macro spark__percent_decoded(expression) -%}
    {%- set decoded = "try_url_decode(regexp_replace(replace(" ~ expression
        ~ ", '+', '%2B'), '%(?![0-9A-Fa-f]{2})', '%25'))" -%}
    case
        when contains({{ decoded }}, '\ufffd') and not {{ expression }} rlike '\ufffd|(?i:%ef%bf%bd)'
            then {{ expression }}
        else coalesce({{ decoded }}, {{ expression }})
    end
{%- endmacro %}
