{# Calendar months from one first-of-month date to a later one, as bigint. #}
{% macro calendar_months_between(start_month, end_month) -%}
    cast(
        (extract(year from {{ end_month }}) - extract(year from {{ start_month }})) * 12
        + extract(month from {{ end_month }}) - extract(month from {{ start_month }}) as bigint
    )
{%- endmacro %}


{# The first-of-month date that lies whole calendar months after another; months may be a column. #}
{% macro month_plus(month, months) -%}
    cast({{ dbt.dateadd('month', months, month) }} as date)
{%- endmacro %}
