{#
    A timestamp if it lies before a moment, else null, because later events are not known yet.

    timestamp  a timestamp; null stays null.
    moment     the first moment that does not count, such as stg_run_period.as_of_end_at.
#}
{% macro if_before(timestamp, moment) -%}
    case when {{ timestamp }} < {{ moment }} then {{ timestamp }} end
{%- endmacro %}


{#
    A value if the timestamp that it came with lies before a moment, else null. A value without a timestamp is kept.

    value      a column of any type.
    timestamp  time of the value, or null.
    moment     the first moment that does not count.
#}
{% macro value_if_before(value, timestamp, moment) -%}
    case when {{ timestamp }} is null or {{ timestamp }} < {{ moment }} then {{ value }} end
{%- endmacro %}
