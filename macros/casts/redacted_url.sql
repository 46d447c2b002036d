{#
    A URL, or text taken from one, without personal data: e-mail addresses, the values of parameters that identify a
    person or give access (by the kind of name), and tokens in paths (by the word before them, or by their shape) are
    replaced, also where they are percent-encoded once or twice. Safe on JSON text: the result is JSON again. Each
    pass runs only on text that has what it looks for.
#}
{% macro redacted_url(expression) -%}
    {%- set without_secrets -%}
        case
            when contains({{ expression }}, '=') or contains(upper({{ expression }}), '3D')
                then {{ replaced_all(expression, secret_parameter_pattern(), '\\\\1redacted') }}
            else {{ expression }}
        end
    {%- endset -%}
    {%- set without_tokens -%}
        case
            when {{ has_pattern(expression, token_hint_pattern()) }}
                then {{ replaced_all(replaced_all(without_secrets, path_token_pattern(), '\\\\1redacted'),
                    token_shape_pattern(), '\\\\1\\\\2redacted') }}
            else {{ without_secrets }}
        end
    {%- endset -%}
    case
        when contains({{ expression }}, '@') or contains({{ expression }}, '%40') or contains({{ expression }}, '%2540')
            then {{ replaced_all(without_tokens, email_pattern(), 'redacted') }}
        else {{ without_tokens }}
    end
{%- endmacro %}


{#
    Parameters whose value identifies a person or gives access, with the `=` and everything before it in group 1. A
    value ends at the next plain separator, so that the rest of an encoded URL goes with it. An escaped character counts
    as one, so that quotes of JSON text stay in pairs.
#}
{% macro secret_parameter_pattern() -%}
    (?i)((?:^|["?&#;]|%(?:25)?(?:3F|26|23))(?:{{ secret_parameters() }})(?:=|%(?:25)?3D))(?:\\\\.|[^&#;"\\s\\\\])*
{%- endmacro %}


{#
    Names of parameters whose values are never stored, as one regular expression: a word anywhere in the name
    (`customerToken`, `user[password]`, `jsessionid`), or a whole name that is too short for that.
#}
{% macro secret_parameters() -%}
    {%- set sign = '(?:[\\\\w.~\\\\[\\\\]-]|%(?:25)?5[BD])*' -%}
    {{ sign }}(?:token|secret|passw|pwd|credential|session_?id|sess_?id|api_?key|access_?key|private_?key|signature|
    {#- -#}
    e-?mail|phone|mobile|jwt|oauth){{ sign }}|mail|tel|auth|auth[_-]?(?:key|code|hash)|sid|key|sig|code|otp|hash
{%- endmacro %}


{# What a token in a path is known by, as a hint: without it no token pattern is tried. #}
{% macro token_hint_pattern() -%}
    (?i){{ token_words() }}|eyJ[\\w-]{8}|/[0-9A-Za-z]{40}
{%- endmacro %}


{# A segment after a word that announces a token, if it has a digit or is long; group 1 is what stays. #}
{% macro path_token_pattern() -%}
    (?i)(/[\\w.-]*(?:{{ token_words() }})[\\w.-]*/)(?:[\\w.~%-]*\\d[\\w.~%-]*|[\\w.~%-]{20,})
{%- endmacro %}


{# Words in a path that announce a token in the next segment. #}
{% macro token_words() -%}
    token|passwo?r?d|reset|verif(?:y|ication)|activat|magic-?link|unsubscribe
{%- endmacro %}


{# A JSON web token anywhere, and a segment of 40 letters and digits or more; the groups are what stays. #}
{% macro token_shape_pattern() -%}
    (^|[/=?&#"\\s])eyJ[\\w-]{8,}\\.[\\w-]+(?:\\.[\\w-]*)?|(/)[0-9A-Za-z]{40,}
{%- endmacro %}


{# An e-mail address, its at sign plain or percent-encoded (once or twice). #}
{% macro email_pattern() -%}
    (?i)[\\p{L}\\p{N}._+-]+(?:@|%40|%2540)[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+
{%- endmacro %}
