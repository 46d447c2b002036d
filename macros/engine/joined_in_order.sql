{# An aggregate: the texts of a group with a separator between, in the ascending order of a column without ties. #}
{% macro joined_in_order(expression, order_by, separator) -%}
    {{ return(adapter.dispatch('joined_in_order', 'shopper_analytics')(expression, order_by, separator)) }}
{%- endmacro %}

{% macro default__joined_in_order(expression, order_by, separator) -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro spark__joined_in_order(expression, order_by, separator) -%}
    array_join(
        transform(
            array_sort(collect_list(struct({{ order_by }} as place, {{ expression }} as text))), part -> part.text
        ),
        '{{ separator }}'
    )
{%- endmacro %}
