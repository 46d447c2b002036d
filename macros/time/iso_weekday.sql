{# The ISO day of the week of a date: 1 is Monday, 7 is Sunday. 1900-01-01 was a Monday; not for dates before it. #}
{% macro iso_weekday(date) -%}
    cast({{ days_between("cast('1900-01-01' as date)", date) }} % 7 + 1 as bigint)
{%- endmacro %}
