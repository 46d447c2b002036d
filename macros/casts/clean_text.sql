{#
    Text in Unicode NFC without white space around it (no-break and zero-width spaces too). Empty text and the usual
    placeholder words are null.
#}
{% macro clean_text(expression) -%}
    {{ meaningful_text(trimmed_text(expression)) }}
{%- endmacro %}


{#
    Trimmed text, null where it is empty or a placeholder word. The list has four words because DuckDB turns a list of
    five into a join for each column; the empty text is compared separately.
#}
{% macro meaningful_text(trimmed) -%}
    case
        when length({{ trimmed }}) > 9 then {{ trimmed }}
        when {{ trimmed }} <> '' and lower({{ trimmed }}) not in ('null', 'undefined', '(not set)', 'nan')
            then {{ trimmed }}
    end
{%- endmacro %}
