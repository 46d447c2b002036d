{#-
    The catalogue's category as reports group by it: `unknown` without one. A category that is really named `all` is
    `unknown` too, because `all` is the name of totals.
-#}
{% macro reported_category(category) -%}
    coalesce(nullif({{ category }}, 'all'), 'unknown')
{%- endmacro %}
