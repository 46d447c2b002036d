{#
    Unicode NFC without white space around it: tab, line feed, carriage return, space, no-break, zero-width, narrow
    no-break and ideographic space, byte-order mark.
#}
{% macro trimmed_text(expression) -%}
    {{ return(adapter.dispatch('trimmed_text', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{#
    The trim is the slowest step, so text that begins and ends with a visible ASCII character (nearly all text) skips
    it.
#}
{% macro default__trimmed_text(expression) -%}
    case
        when {{ expression }} between '!' and '~' and ({{ expression }})[-1] between '!' and '~'
            then nfc_normalize({{ expression }})
        else trim(
            nfc_normalize({{ expression }}),
            chr(9) || chr(10) || chr(13) || ' ' || chr(160) || chr(8203) || chr(8239) || chr(12288) || chr(65279)
        )
    end
{%- endmacro %}

{# Spark has no normalisation function; the library that it brings for other purposes has. Most text is ASCII. #}
{% macro spark__trimmed_text(expression) -%}
    trim(
        both '\t\n\r \u00a0\u200b\u202f\u3000\ufeff' from case
            when {{ expression }} rlike '[^\\x00-\\x7f]'
                then reflect('com.ibm.icu.text.Normalizer', 'compose', {{ expression }}, false)
            else {{ expression }}
        end
    )
{%- endmacro %}
