{#
    The typed value of clean text (see clean_text) by a contract type; null where it does not cast. A person_id of `0`
    is null (trackers send it before anyone is known); a code is lower case, its words joined by underscores. Text that
    people may have written (text, url_text, code) and URLs are redacted; ids and labels, which programs write, are not.
    Types: text, label, id, person_id, code, url, url_text, currency, money, rate, number, share, quantity (exact
    decimals), integer, boolean, date, timestamp.
#}
{% macro to_typed(text, type) -%}
    {%- if type in ('id', 'label') -%} {{ text }}
    {%- elif type in ('text', 'url_text') -%} {{ redacted_text(text) }}
    {%- elif type == 'person_id' -%} nullif({{ text }}, '0')
    {%- elif type == 'code' -%} replace(replace({{ small_letters(redacted_text(text)) }}, ' ', '_'), '-', '_')
    {%- elif type == 'url' -%} {{ redacted_url(text) }}
    {%- elif type == 'currency' -%} {{ capital_letters(text) }}
    {%- elif type in ('money', 'number', 'share') -%} try_cast({{ plain_number(text) }} as decimal(18, 6))
    {%- elif type == 'rate' -%} try_cast({{ plain_number(text) }} as decimal(28, 12))
    {%- elif type == 'quantity' -%} try_cast({{ plain_number(text) }} as decimal(18, 3))
    {%- elif type == 'integer' -%} {{ whole_number(text) }}
    {%- elif type == 'boolean' -%}
        case
            when lower({{ text }}) in ('true', 't', 'yes', 'y') or {{ text }} in ('1', '1.0') then true
            when lower({{ text }}) in ('false', 'f', 'no', 'n') or {{ text }} in ('0', '0.0') then false
        end
    {%- elif type == 'date' -%} {{ calendar_date(text) }}
    {%- elif type == 'timestamp' -%} {{ utc_timestamp(text) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "to_typed: unknown type '" ~ type ~ "'; expected text, label, id, person_id, code, url, url_text, "
            ~ "currency, money, rate, number, share, quantity, integer, boolean, date or timestamp"
        ) }}
    {%- endif -%}
{%- endmacro %}


{#
    A whole number; null for fractions, which a plain cast would round silently. Decimals of up to 18 digits are
    read two hundred times faster than wider ones.
#}
{% macro whole_number(text) -%}
    {%- set number = "try_cast(" ~ plain_number(text) ~ " as decimal(18, 4))" -%}
    case when {{ number }} = floor({{ number }}) then try_cast({{ number }} as bigint) end
{%- endmacro %}


{# Why text of this type does not cast, as the end of a reason code. #}
{% macro cast_failure(type) -%}
    {%- if type in ('money', 'rate', 'number', 'share', 'quantity') -%} not_a_number
    {%- elif type == 'integer' -%} not_an_integer
    {%- elif type == 'date' -%} not_a_date
    {%- elif type == 'timestamp' -%} not_a_timestamp
    {%- else -%} not_a_{{ type }}
    {%- endif -%}
{%- endmacro %}
