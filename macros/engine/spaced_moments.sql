{#
    An aggregate: from the whole numbers of a group, the smallest, then repeatedly the next one that lies more than
    `gap` above the last one taken, as an ascending list. Null values are left out.
#}
{% macro spaced_moments(expression, gap) -%}
    {{ return(adapter.dispatch('spaced_moments', 'shopper_analytics')(expression, gap)) }}
{%- endmacro %}

{% macro default__spaced_moments(expression, gap) -%}
    list_reduce(
        list_transform(
            list_sort(list(distinct {{ expression }}) filter ({{ expression }} is not null)), lambda moment: [moment]
        ),
        lambda kept, moment: case when moment[1] > kept[-1] + {{ gap }} then list_concat(kept, moment) else kept end
    )
{%- endmacro %}

{% macro spark__spaced_moments(expression, gap) -%}
    aggregate(
        array_sort(collect_set({{ expression }})),
        cast(array() as array<bigint>),
        (kept, moment) -> case
            when size(kept) = 0 or moment > element_at(kept, -1) + {{ gap }} then concat(kept, array(moment))
            else kept
        end
    )
{%- endmacro %}


{# One row for each element of a list, in the select list of a query. #}
{% macro each_element(list) -%}
    {{ return(adapter.dispatch('each_element', 'shopper_analytics')(list)) }}
{%- endmacro %}

{% macro default__each_element(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_element(list) -%}
    explode({{ list }})
{%- endmacro %}
