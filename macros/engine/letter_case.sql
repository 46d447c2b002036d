{#
    Small and capital letters, one for each letter, as DuckDB has them. Spark writes some letters as two (İ, ß, ﬁ), and
    a sigma at the end of a word in its own form.
#}
{% macro small_letters(expression) -%}
    {{ return(adapter.dispatch('small_letters', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{% macro default__small_letters(expression) -%}
    lower({{ expression }})
{%- endmacro %}

{% macro spark__small_letters(expression) -%}
    lower(translate({{ expression }}, '\u0130\u03a3', 'i\u03c3'))
{%- endmacro %}


{# Capital letters; a letter that has no single one is left as it is. #}
{% macro capital_letters(expression) -%}
    {{ return(adapter.dispatch('capital_letters', 'shopper_analytics')(expression)) }}
{%- endmacro %}

{% macro default__capital_letters(expression) -%}
    upper({{ expression }})
{%- endmacro %}

{% macro spark__capital_letters(expression) -%}
    case
        when {{ expression }} rlike '[^\\x00-\\x7f]' then array_join(
            transform(
                split(translate({{ expression }}, '\u00df', '\u1e9e'), ''),
                letter -> case when length(upper(letter)) = 1 then upper(letter) else letter end
            ), ''
        )
        else upper({{ expression }})
    end
{%- endmacro %}
