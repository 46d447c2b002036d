{#
    A UTC timestamp from clean text: ISO with T or space, Z, offset or a trailing ` UTC`, with or without seconds; epoch
    seconds, milliseconds or microseconds (see epoch_timestamp); or a date alone (20240131 or 2024-01-31), which is
    midnight in the reporting time zone. Text without an offset is UTC. Null where it is none of these.

    Eight digits are a date and never an epoch: as seconds they would lie in the first months of 1970.
#}
{% macro utc_timestamp(text) -%}
    case
        when {{ is_date_alone(text) }} then {{ local_to_utc("cast(" ~ calendar_date(text) ~ " as timestamp)") }}
        when {{ begins_with_date(text) }} then {{ parsed_timestamp(text) }}
        else {{ epoch_timestamp(text) }}
    end
{%- endmacro %}


{#
    Whether text is only a calendar date. Spark computes an expression that stands twice in a condition before it, for
    every text, and a cast that fails takes it long (docs/spark.md). So the cast stands in a branch.
#}
{% macro is_date_alone(text) -%}
    (
        (length({{ text }}) = 10 and {{ begins_with_date(text) }})
        or case
            when length({{ text }}) = 8
                then try_cast({{ text }} as integer) >= 19000101 and try_cast({{ text }} as integer) <= 21001231
            else false
        end
    )
{%- endmacro %}


{#
    Whether text begins as an ISO date. Years that clients cannot read are none: before the year 1, which is written
    with `(BC)` or as 0000, and, since a time zone could lead there, up to 999.
#}
{% macro begins_with_date(text) -%}
    ({{ text }} like '____-__-__%' and {{ text }} not like '0%' and {{ text }} not like '%(%')
{%- endmacro %}


{#
    A calendar date from clean text: 20240131, 2024-01-31, or the date written first in a timestamp, whatever its
    offset (a date that was stored as midnight stays that date); null where there is none.
#}
{% macro calendar_date(text) -%}
    case
        when length({{ text }}) = 8 and try_cast({{ text }} as integer) >= 10000000
            then try_cast(
                substr({{ text }}, 1, 4) || '-' || substr({{ text }}, 5, 2) || '-' || substr({{ text }}, 7, 2) as date
            )
        when length({{ text }}) = 10 and {{ begins_with_date(text) }} then try_cast({{ text }} as date)
        when {{ begins_with_date(text) }} and {{ parsed_timestamp(text) }} is not null
            then try_cast(substr({{ text }}, 1, 10) as date)
    end
{%- endmacro %}
