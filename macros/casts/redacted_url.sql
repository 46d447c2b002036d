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
                then {{ replaced_all(replaced_all(without_secrets, path_token_pattern(), '\\\\1\\\\2redacted'),
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
    {{ sign }}(?:token|secret|pass_?w|pwd|credential|session_?id|sess_?id|api_?key|access_?key|private_?key|signature|
    {#- -#}
    passphrase|passcode|authori[sz]ation|bearer|[cx]srf|hmac|saml|e-?mail|phone|mobile|jwt|oauth|
    {#- -#}
    (?:first|last|full|sur)_?name|birth_?da(?:y|te)){{ sign }}|mail|tel|auth|auth[_-]?(?:key|code|hash)|sid|key|sig|
    {#- -#}
    code|(?:otp|pin)(?:[_-]?code)?|hash|pass|pw|login|user(?:_?name)?|ticket|invite|invitation|magic(?:[_-]?link)?|
    {#- -#}
    nonce|sso|ssn|iban|dob|cvv|cvc|ip|cookie|address|street|cc|(?:(?:credit|debit)[_-]?)?card(?:[_-]?(?:number|no))?
{%- endmacro %}


{# What a token in a path is known by, as a hint: without it no token pattern is tried. #}
{% macro token_hint_pattern() -%}
    (?i)token|{{ token_words() }}|{{ words_before_long_tokens() }}|eyJ[\\w-]{8}|{{ before_token() }}[0-9A-Za-z]{40}
{%- endmacro %}


{#
    A segment after a word that announces a token, if it has a digit or is long. After a word that may also stand before
    the number of an order or be part of a category (`recovery-drinks`), a segment with 20 letters and digits in a row
    or a UUID, which no name of a product has; a short segment, such as that of the user, may stand between. The groups
    are what stays.
#}
{% macro path_token_pattern() -%}
    (?i)(/[\\w.-]*(?:{{ words_before_long_tokens() }})[\\w.-]*/(?:[\\w.~%-]{1,12}/)?)
    {#- -#}
    [\\w.~%-]*(?:[0-9a-z]{20}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[\\w.~%-]*
    {#- -#}
    |(/(?:[\\w.-]*(?:{{ token_words() }})[\\w.-]*|[\\w.-]*token(?:[a-rt-z0-9._-][\\w.-]*)?|reset|activat(?:e|ion))/)
    {#- -#}
    (?:[\\w.~%-]*\\d[\\w.~%-]*|[\\w.~%-]{20,})
{%- endmacro %}


{# Words in a path that announce a token in the next segment. #}
{% macro token_words() -%}
    passwo?r?d|verif(?:y|ication)|magic-?link|unsubscribe
{%- endmacro %}


{# The same for words that also stand before other things. #}
{% macro words_before_long_tokens() -%}
    reset|activat|confirm|invit|recover|forgot|opt-?in
{%- endmacro %}


{#
    A JSON web token anywhere; a segment of 40 letters and digits or more, and such a value whatever its name, unless
    the name ends in `id`, as those of click ids do. The groups are what stays.
#}
{% macro token_shape_pattern() -%}
    (^|[?&#"\\s]|{{ before_token() }})eyJ[\\w-]{8,}\\.[\\w-]+(?:\\.[\\w-]*)?
    {#- -#}
    |((?:/|%(?:25)?2[Ff]|(?:[^dD]|(?:^|[^iI])[dD])(?:=|%(?:25)?3[Dd])))[0-9A-Za-z]{40,}
{%- endmacro %}


{# A slash or equals sign, plain or percent-encoded (once or twice). #}
{% macro before_token() -%}
    (?:[/=]|%(?:25)?(?:2F|2f|3D|3d))
{%- endmacro %}


{# An e-mail address, its at sign plain or percent-encoded (once or twice). #}
{% macro email_pattern() -%}
    (?i)[\\p{L}\\p{N}._+-]+(?:@|%40|%2540)[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+
{%- endmacro %}
