{#
    Checks every var of the project before the first query, and raises an error that names the var, its value and what
    was expected. The command line reads the rules from here, to check them before it starts dbt.
#}
{% macro check_vars() -%}
    {%- set rules = {
        'raw_data': {'choices': ['sample', 'source'], 'default': 'sample'},
        'as_of_date': {'kind': 'date', 'expected': 'a date as 2024-01-31', 'nullable': true, 'default': none},
        'earliest_date': {'kind': 'date', 'expected': 'a date as 2024-01-31', 'default': '1990-01-01'},
        'reporting_timezone': {
            'kind': 'timezone', 'default': 'Asia/Shanghai',
            'expected': 'the name of a time zone, such as Europe/London',
        },
        'reporting_currency': {
            'kind': 'currency', 'default': 'CNY',
            'expected': 'a currency code of three capital letters, such as EUR',
        },
        'rfm_window_days': {'kind': 'integer', 'low': 1, 'high': 36500, 'default': 365},
        'session_timeout_minutes': {'kind': 'integer', 'low': 1, 'high': 1440, 'default': 30},
        'session_max_hours': {'kind': 'integer', 'low': 1, 'high': 8760, 'default': 24},
        'funnel_window_days': {'kind': 'integer', 'low': 1, 'high': 365, 'default': 7},
        'attribution_window_days': {'kind': 'integer', 'low': 1, 'high': 3650, 'default': 30},
        'clv_monthly_discount_rate': {'kind': 'number', 'low': 0, 'high': 1, 'default': 0.01},
        'clv_min_repeat_customers': {'kind': 'integer', 'low': 10, 'high': 1000000, 'default': 100},
        'clv_backtest_weeks': {'kind': 'integer', 'low': 1, 'high': 520, 'default': 26},
        'basket_min_orders': {'kind': 'integer', 'low': 1, 'high': 1000000000, 'default': 5},
        'basket_min_support': {'kind': 'number', 'low': 0, 'high': 1, 'default': 0.001},
        'max_basket_items': {'kind': 'integer', 'low': 2, 'high': 10000, 'default': 100},
    } -%}
    {%- for name, rule in rules.items() -%}
        {%- set value = var(name, rule.default) -%}
        {%- if not (value is none and rule.nullable) -%}
            {%- set problem = var_problem(value, rule) -%}
            {%- if problem -%}
                {{ exceptions.raise_compiler_error(
                    "var " ~ name ~ " is " ~ (value | tojson) ~ "; expected " ~ problem
                ) }}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{# What was expected of a var, or an empty text where its value is valid. #}
{% macro var_problem(value, rule) -%}
    {%- set text = value | string -%}
    {%- if rule.choices -%}
        {{ return('' if value in rule.choices else 'one of ' ~ rule.choices | join(', ')) }}
    {%- elif rule.kind == 'integer' -%}
        {%- set is_whole = value is integer and value is not boolean -%}
        {{ return(
            '' if is_whole and rule.low <= value <= rule.high
            else 'a whole number from ' ~ rule.low ~ ' to ' ~ rule.high
        ) }}
    {%- elif rule.kind == 'number' -%}
        {%- set is_number = value is number and value is not boolean -%}
        {{ return(
            '' if is_number and rule.low <= value <= rule.high
            else 'a number from ' ~ rule.low ~ ' to ' ~ rule.high
        ) }}
    {%- elif rule.kind == 'date' -%}
        {{ return('' if is_iso_date(text) else rule.expected) }}
    {%- elif rule.kind == 'timezone' -%}
        {%- set is_name = modules.re.fullmatch('[A-Za-z0-9_+/-]+', text) -%}
        {{ return('' if is_name and (not execute or text in timezone_names()) else rule.expected) }}
    {%- elif rule.kind == 'currency' -%}
        {%- set is_code = modules.re.fullmatch('[A-Z]{3}', text) -%}
        {{ return('' if is_code else rule.expected) }}
    {%- endif -%}
{%- endmacro %}


{# The names of all time zones: Python's list, or the engine's where dbt 2 has none. Only at run time. #}
{% macro timezone_names() -%}
    {{ return(
        modules.pytz.all_timezones or run_query('select name from pg_timezone_names()').columns[0].values()
    ) }}
{%- endmacro %}


{# Whether text is a calendar date that exists, written 2024-01-31. #}
{% macro is_iso_date(text) -%}
    {%- if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', text) -%} {{ return(false) }} {%- endif -%}
    {%- set parts = text.split('-') -%}
    {%- set year, month, day = parts[0] | int, parts[1] | int, parts[2] | int -%}
    {%- set is_leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 -%}
    {%- set lengths = [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
    {{ return(year >= 1 and 1 <= month <= 12 and 1 <= day <= lengths[month - 1]) }}
{%- endmacro %}
