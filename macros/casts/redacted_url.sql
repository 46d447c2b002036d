{#
    A URL, or text taken from one, without personal data: e-mail addresses and the values of secret
    parameters are replaced, also where they are percent-encoded once or twice. Safe on JSON text: the result is JSON
    again. Each pass runs only on text that has the character it looks for.
#}
{% macro redacted_url(expression) -%}
    {%- set without_secrets -%}
        case
            when contains({{ expression }}, '=') or contains(upper({{ expression }}), '3D')
                then {{ replaced_all(expression, secret_parameter_pattern(), '\\\\1redacted') }}
            else {{ expression }}
        end
    {%- endset -%}
    case
        when contains({{ expression }}, '@') or contains({{ expression }}, '%40') or contains({{ expression }}, '%2540')
            then {{ replaced_all(without_secrets, email_pattern(), 'redacted') }}
        else {{ without_secrets }}
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


{# Names of parameters whose values are never stored, as one regular expression. #}
{% macro secret_parameters() -%}
    e-?mail|mail|phone|mobile|tel|token|access_token|id_token|refresh_token|auth|jwt|session_?id|sid|api_?key|key|
    {#- -#}
    password|passwd|pwd|secret|signature|sig|code|otp
{%- endmacro %}


{# An e-mail address, its at sign plain or percent-encoded (once or twice). #}
{% macro email_pattern() -%}
    (?i)[\\p{L}\\p{N}._+-]+(?:@|%40|%2540)[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+
{%- endmacro %}
