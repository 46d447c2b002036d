{# The calendar date of a UTC timestamp in the reporting time zone. #}
{% macro local_date(timestamp) -%}
    cast({{ utc_to_local(timestamp) }} as date)
{%- endmacro %}


{# The first day of the month of a date. #}
{% macro month_of(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}


{# The hour (0-23) of a UTC timestamp in the reporting time zone. #}
{% macro local_hour(timestamp) -%}
    cast(extract(hour from {{ utc_to_local(timestamp) }}) as integer)
{%- endmacro %}
