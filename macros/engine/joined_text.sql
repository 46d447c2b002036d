{#
    An aggregate: the distinct texts of a group in ascending order, with a separator between; null values are left
    out.
#}
{% macro joined_text(expression, separator='|') -%}
    {{ return(adapter.dispatch('joined_text', 'shopper_analytics')(expression, separator)) }}
{%- endmacro %}

{% macro default__joined_text(expression, separator) -%}
    string_agg(distinct {{ expression }}, '{{ separator }}' order by {{ expression }})
{%- endmacro %}

{% macro spark__joined_text(expression, separator) -%}
    array_join(array_sort(collect_set({{ expression }})), '{{ separator }}')
{%- endmacro %}
