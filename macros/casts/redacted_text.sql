{#
    Text that people may have written, without e-mail addresses, telephone and card numbers, passwords and tokens. Most
    text has none of what they are known by and is not looked at further. Numbers without a clear shape stay: article
    numbers, sizes, years. Numbers go twice, since one that stands a single character after another is missed by the
    first pass.
#}
{% macro redacted_text(expression) -%}
    {%- set without_tokens = replaced_all(
        replaced_all(redacted_url(expression), announced_secret_pattern(), '\\\\1redacted'),
        known_token_pattern(), '\\\\1redacted'
    ) -%}
    {%- set without_announced = replaced_all(without_tokens, announced_number_pattern(), '\\\\1redacted') -%}
    {%- set once = replaced_all(without_announced, personal_number_pattern(), '\\\\1redacted\\\\2') -%}
    case
        when {{ has_pattern(expression, personal_text_hint()) }}
            then {{ replaced_all(once, personal_number_pattern(), '\\\\1redacted\\\\2') }}
        else {{ expression }}
    end
{%- endmacro %}


{# What text is known by that may hold personal data or a secret: without it no other pattern is tried. #}
{% macro personal_text_hint() -%}
    (?i)[@=%/:]|[0-9](?:[ ()./-]{0,2}[0-9]){6}|bearer |[0-9a-z]{40}|eyJ|_(?:live|test)_|gh[oprsu]_|github_pat_|glpat-
    {#- -#}
    |xox[abprs]-|AKIA|AIza
{%- endmacro %}


{# A value after a word that announces it, if it mixes letters and digits; any value after `=`. Group 1 stays. #}
{% macro announced_secret_pattern() -%}
    (?i)((?:^|[^0-9a-z])(?:(?:password|passwd|pwd|api[ _-]?key|access[ _-]?key|secret|token|otp) ?[:=] ?|bearer ))
    {#- -#}
    (?:[a-z~+/._-]+[0-9]|[0-9]+[a-z~+/._-])[0-9a-z~+/._-]*
{%- endmacro %}


{# Tokens by their shape: of known services, JSON web tokens, and 40 letters and digits in a row. Group 1 stays. #}
{% macro known_token_pattern() -%}
    (^|[^0-9A-Za-z_-])(?:[sr]k_(?:live|test)_[0-9A-Za-z]{8,}|gh[oprsu]_[0-9A-Za-z]{20,}|github_pat_[0-9A-Za-z_]{20,}
    {#- -#}
    |glpat-[0-9A-Za-z_-]{16,}|xox[abprs]-[0-9A-Za-z-]{8,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}
    {#- -#}
    |eyJ[0-9A-Za-z_-]{8,}[.][0-9A-Za-z_.-]+|[0-9A-Za-z]{40,})
{%- endmacro %}


{# A number after a word that announces a telephone. Group 1 stays. #}
{% macro announced_number_pattern() -%}
    (?i)((?:^|[^0-9a-z])(?:(?:tel|telephone|telefon|whatsapp|wechat|fax|sms|call|电话|手机号码?)[.:=#]? ?
    {#- -#}
    |(?:phone|mobile|cell|contact)(?: ?(?:no|nr|number)[.]?)? ?[:=#] ?|(?:phone|mobile|cell) (?:no|nr|number)[.]? ))
    {#- -#}
    [+(]?[0-9](?:[ ()./-]{0,2}[0-9]){6,14}
{%- endmacro %}


{#
    A telephone or card number by its shape: international (`+49 170 ...`, `0049 170 ...`), a Chinese mobile number, a
    North American one with its signs, one of an area code that begins with 0, pairs of digits after 0, and a card
    number in groups of four. Groups 1 and 2 are what stands before and after it.
#}
{% macro personal_number_pattern() -%}
    (^|[^0-9A-Za-z_+./-])(?:[+][1-9](?:[ ()./-]{0,2}[0-9]){7,14}|00[1-9][0-9]{0,2}[ ()./-]{1,2}[0-9]
    {#- -#}
    (?:[ ()./-]{0,2}[0-9]){5,11}|(?:86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})
    {#- -#}
    |(?:1[ .-])?[2-9][0-9]{2}(?:[)] ?|[.-])[0-9]{3}[.-][0-9]{4}
    {#- -#}
    |0[1-9][0-9]{1,3}(?:[)] ?|[ /-])[0-9]{3,4}[ -]?[0-9]{3,5}|0[1-9](?:[ .-][0-9]{2}){4}
    {#- -#}
    |[3-6][0-9]{3}(?:[ -][0-9]{4}){3})($|[^0-9A-Za-z_-])
{%- endmacro %}
