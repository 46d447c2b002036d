{#
    Functions on time that differ between DuckDB and Spark. Timestamps are UTC without a zone; the session's time zone
    is UTC.
#}

{#
    ISO text (it begins as 2024-01-31), with or without seconds, fraction and offset, to a UTC timestamp; null where it
    does not parse. Formats that the engine does not read (08:26Z without seconds, `+08:00` after a space, a decimal
    comma, small letters) are rewritten and tried again.
#}
{% macro parsed_timestamp(text) -%}
    {{ return(adapter.dispatch('parsed_timestamp', 'shopper_analytics')(text)) }}
{%- endmacro %}

{#
    Through microseconds and `Z`, because looking up time zones by name is slow. No text with a name reaches the cast:
    DuckDB 1.5 reads the texts without an offset that follow it in the column in its zone too. A name stands after a
    space, behind the twelfth character. Common shapes are rewritten without regular expressions, which cost
    several times as much as the cast.
#}
{% macro default__parsed_timestamp(text) -%}
    make_timestamp(epoch_us(coalesce(
        try_cast(
            case
                when {{ text }} like '____________% %' then case
                    when {{ text }} like '____________% % %' then null
                    when {{ text }} like '% UTC' then replace({{ text }}, ' UTC', 'Z')
                    when {{ text }} like '____________% +%' then replace({{ text }}, ' +', '+')
                    when {{ text }} like '____________% -%' then replace({{ text }}, ' -', '-')
                end
                when {{ text }} like '__________%,%' then replace({{ text }}, ',', '.')
                when {{ text }} like '____-__-_____:__Z' then replace({{ text }}, 'Z', ':00Z')
                else {{ text }}
            end as timestamptz
        ),
        try_cast({{ standard_timestamp_text(text) }} as timestamptz)
    )))
{%- endmacro %}

{#
    Spark reads an hour without minutes, zones by name and offsets of one digit, but neither 24:00 nor an offset of more
    than 18 hours; DuckDB the other way round.
#}
{% macro spark__parsed_timestamp(text) -%}
    {%- set shape -%}
        ^.{10}[Tt ] *[0-9]{1,2}:[0-9]{1,2}(:[0-9]{0,2}([.,][0-9]*)?)? *
        {#- -#}
        ([Zz]|UTC|[+-][0-9]{2}(:?[0-9]{2}(:[0-9]{2})?)?)?$
    {%- endset -%}
    {%- set midnight = '^(.{10}) 24:00(:00(?:[.]0*)?)?(?=$|[Z+-])' -%}
    {%- set far_offset = '^(.{11}[0-9:.]+)([+-])([0-9]{2}):?([0-9]{2})?:?([0-9]{2})?$' -%}
    case when {{ text }} rlike '{{ shape }}' then coalesce(
        try_cast({{ text }} as timestamp),
        transform(array({{ standard_timestamp_text(text) }}), standard -> coalesce(
            try_cast(standard as timestamp),
            try_cast(regexp_replace(standard, '{{ midnight }}', '$1 00:00:00') as timestamp) + interval '1' day,
            timestampadd(
                second,
                (case when regexp_extract(standard, '{{ far_offset }}', 2) = '-' then 1 else -1 end)
                * (
                    3600 * try_cast(regexp_extract(standard, '{{ far_offset }}', 3) as int)
                    + 60 * coalesce(try_cast(regexp_extract(standard, '{{ far_offset }}', 4) as int), 0)
                    + coalesce(try_cast(regexp_extract(standard, '{{ far_offset }}', 5) as int), 0)
                ),
                try_cast(regexp_extract(standard, '{{ far_offset }}', 1) as timestamp)
            )
        ))[0]
    ) end
{%- endmacro %}


{#
    Timestamp text in the one format that every engine reads: 2011-12-01 08:26:00.123+08:00. Empty where anything stands
    after another space, such as the name of a zone.
#}
{% macro standard_timestamp_text(text) -%}
    {{ replaced_all(
        replaced_all(
            replaced_all(
                "replace(replace(upper(" ~ text ~ "), 'UTC', 'Z'), ',', '.')",
                '^(.{10})[T ]+([0-9]{1,2}:[0-9]{2})(:[0-9]{2}(?:[.][0-9]+)?)? *', '\\\\1 \\\\2\\\\3'
            ),
            '^(.{10} [0-9]{1,2}:[0-9]{2})(Z|[+-][0-9]{2}.*)?$', '\\\\1:00\\\\2'
        ),
        '^.{12}.* .*$', ''
    ) }}
{%- endmacro %}


{#
    Epoch seconds, milliseconds or microseconds of the years 1990 to 2100 to a UTC timestamp, and 0, an unset clock;
    null for other text. The unit follows from the size. Other numbers are no epochs: a day of a spreadsheet (45322), a
    timestamp without separators (20240131123000 would be the year 2611).
#}
{% macro epoch_timestamp(text) -%}
    {%- set number = "try_cast(" ~ plain_number(text) ~ " as double)" -%}
    case
        when round({{ number }} * 1000000) = 0 then cast('1970-01-01' as timestamp)
        {%- for unit in (1000000, 1000, 1) %}
        {%- set microseconds = "round(" ~ number ~ " * " ~ unit ~ ")" %}
        when {{ microseconds }} >= 631152000000000 and {{ microseconds }} < 4133980800000000
            then {{ timestamp_of_microseconds(microseconds) }}
        {%- endfor %}
    end
{%- endmacro %}


{# Microseconds since 1970, a whole double, to a UTC timestamp. #}
{% macro timestamp_of_microseconds(microseconds) -%}
    {{ return(adapter.dispatch('timestamp_of_microseconds', 'shopper_analytics')(microseconds)) }}
{%- endmacro %}

{% macro default__timestamp_of_microseconds(microseconds) -%}
    make_timestamp(cast({{ microseconds }} as bigint))
{%- endmacro %}

{% macro spark__timestamp_of_microseconds(microseconds) -%}
    timestamp_micros(cast({{ microseconds }} as bigint))
{%- endmacro %}


{# A UTC timestamp to the wall clock of the reporting time zone. #}
{% macro utc_to_local(timestamp) -%}
    {{ return(adapter.dispatch('utc_to_local', 'shopper_analytics')(timestamp)) }}
{%- endmacro %}

{% macro default__utc_to_local(timestamp) -%}
    ({{ timestamp }} at time zone 'UTC' at time zone '{{ var("reporting_timezone", "Asia/Shanghai") }}')
{%- endmacro %}

{% macro spark__utc_to_local(timestamp) -%}
    from_utc_timestamp({{ timestamp }}, '{{ var("reporting_timezone", "Asia/Shanghai") }}')
{%- endmacro %}


{# The wall clock of the reporting time zone to a UTC timestamp. #}
{% macro local_to_utc(timestamp) -%}
    {{ return(adapter.dispatch('local_to_utc', 'shopper_analytics')(timestamp)) }}
{%- endmacro %}

{% macro default__local_to_utc(timestamp) -%}
    ({{ timestamp }} at time zone '{{ var("reporting_timezone", "Asia/Shanghai") }}' at time zone 'UTC')
{%- endmacro %}

{% macro spark__local_to_utc(timestamp) -%}
    to_utc_timestamp({{ timestamp }}, '{{ var("reporting_timezone", "Asia/Shanghai") }}')
{%- endmacro %}


{# Whole seconds from one timestamp to a later one, as bigint; fractions are dropped. #}
{% macro seconds_between(start, end) -%}
    {{ return(adapter.dispatch('seconds_between', 'shopper_analytics')(start, end)) }}
{%- endmacro %}

{% macro default__seconds_between(start, end) -%}
    date_sub('second', {{ start }}, {{ end }})
{%- endmacro %}

{% macro spark__seconds_between(start, end) -%}
    timestampdiff(second, {{ start }}, {{ end }})
{%- endmacro %}


{# Calendar days from one date to a later one, as bigint. #}
{% macro days_between(start, end) -%}
    {{ return(adapter.dispatch('days_between', 'shopper_analytics')(start, end)) }}
{%- endmacro %}

{% macro default__days_between(start, end) -%}
    date_diff('day', cast({{ start }} as date), cast({{ end }} as date))
{%- endmacro %}

{% macro spark__days_between(start, end) -%}
    cast(datediff({{ end }}, {{ start }}) as bigint)
{%- endmacro %}
