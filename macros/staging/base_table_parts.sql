{# Column declarations '<type> [presence]' to a list of {name, type, presence, enumeration}. #}
{% macro column_specs(columns) -%}
    {%- set specs = [] -%}
    {%- for name, declaration in columns.items() -%}
        {%- set words = declaration.split(' ') -%}
        {%- set parts = words[0].split(':') -%}
        {%- do specs.append({
            'name': name, 'type': parts[0], 'enumeration': parts[1] if parts | length > 1 else none,
            'presence': words[1] if words | length > 1 else none
        }) -%}
    {%- endfor -%}
    {{ return(specs) }}
{%- endmacro %}


{# One column of the typed row. A missing currency is the reporting currency, unless it is part of the key. #}
{% macro typed_column(spec) -%}
    {%- if spec.enumeration == 'event_type' -%}
        case
            when cleaned.product_id is not null or not {{ spec.name }}_mapped.needs_product
                then {{ spec.name }}_mapped.value
        end
    {%- elif spec.enumeration -%} {{ spec.name }}_mapped.value
    {%- elif spec.type == 'currency' and not spec.presence -%}
        coalesce({{ to_typed('cleaned.' ~ spec.name, 'currency') }}, '{{ var("reporting_currency", "CNY") }}')
    {%- else -%} {{ to_typed('cleaned.' ~ spec.name, spec.type) }}
    {%- endif -%}
{%- endmacro %}


{# Cases [reason code, condition] to one expression: the first reason whose condition holds, else null. #}
{% macro first_of(cases) -%}
    case
        {%- for reason, condition in cases %}
        when {{ condition }} then {{ reason }}
        {%- endfor %}
        {%- if not cases %}
        when false then ''
        {%- endif %}
    end
{%- endmacro %}


{# The text is present, but does not cast to its type. #}
{% macro does_not_cast(spec) -%}
    typed.{{ spec.name }} is null and typed.{{ spec.name }}_text is not null
{%- endmacro %}


{# Types whose text can fail to cast. #}
{% macro can_fail(spec) -%}
    {%- set types_that_cast_always = [
        'text', 'label', 'id', 'person_id', 'code', 'url', 'url_text', 'currency'
    ] -%}
    {{ return(spec.enumeration is not none or spec.type not in types_that_cast_always) }}
{%- endmacro %}


{#
    A value that is present, but not of its type: '<column>_not_a_timestamp'; for an enumeration '<column>_unmapped', or
    '<column>_ignored' where the mapping knows the value and leaves it without a meaning.
#}
{% macro failed_cast_cases(specs) -%}
    {%- set cases = [] -%}
    {%- for spec in specs if can_fail(spec) -%}
        {%- if spec.enumeration -%}
            {%- do cases.append([
                "'" ~ spec.name ~ "_ignored'",
                "typed." ~ spec.name ~ " is null and typed." ~ spec.name ~ "_is_known"
            ]) -%}
        {%- endif -%}
        {%- set failure = 'unmapped' if spec.enumeration else cast_failure(spec.type) | trim -%}
        {%- do cases.append(["'" ~ spec.name ~ "_" ~ failure ~ "'", does_not_cast(spec)]) -%}
    {%- endfor -%}
    {{ return(cases) }}
{%- endmacro %}


{# Names of the optional columns whose text did not cast, comma-separated; null where all did. #}
{% macro cast_flags(specs) -%}
    {%- set cases = [] -%}
    {%- for spec in specs if can_fail(spec) -%}
        {%- do cases.append("case when " ~ does_not_cast(spec) ~ " then '" ~ spec.name ~ "' end") -%}
    {%- endfor -%}
    {%- if cases -%}
        nullif(concat_ws(',', {{ cases | join(', ') }}), '')
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}


{# A required value is missing. #}
{% macro missing_cases(specs) -%}
    {%- set cases = [] -%}
    {%- for spec in specs -%}
        {%- do cases.append(["'" ~ spec.name ~ "_missing'", "typed." ~ spec.name ~ " is null"]) -%}
    {%- endfor -%}
    {{ return(cases) }}
{%- endmacro %}


{#
    Amounts and counts below zero, amounts and rates too large to multiply, shares outside 0 to 1, moments before the
    earliest plausible date (an epoch of 0 comes from an unset clock), and days of events before it.
#}
{% macro range_cases(specs, may_be_negative) -%}
    {%- set cases = [] -%}
    {%- for spec in specs -%}
        {%- if spec.type in ['money', 'rate', 'quantity', 'integer', 'number'] and spec.name not in may_be_negative -%}
            {%- do cases.append(["'" ~ spec.name ~ "_negative'", "typed." ~ spec.name ~ " < 0"]) -%}
        {%- elif spec.type == 'share' -%}
            {%- do cases.append(["'" ~ spec.name ~ "_out_of_range'", "typed." ~ spec.name ~ " not between 0 and 1"]) -%}
        {%- elif (spec.type == 'timestamp' and spec.presence) or (spec.type == 'date' and spec.presence == 'key') -%}
            {%- do cases.append([
                "'" ~ spec.name ~ "_before_earliest_date'",
                "typed." ~ spec.name ~ " < cast('" ~ var('earliest_date', '1990-01-01') ~ "' as " ~ spec.type ~ ")"
            ]) -%}
        {%- endif -%}
        {%- if spec.type in largest_values() -%}
            {%- do cases.append([
                "'" ~ spec.name ~ "_out_of_range'", "abs(typed." ~ spec.name ~ ") >= " ~ largest_values()[spec.type]
            ]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(cases) }}
{%- endmacro %}


{#
    Upper bounds of amounts and rates, so that their product fits decimal(18, 2): a hundred thousand million units of
    any currency, and the rate of the most expensive currency in the cheapest (a Kuwaiti dinar is about 85,000 dong).
#}
{% macro largest_values() -%}
    {{ return({'money': '100000000000', 'rate': '90000'}) }}
{%- endmacro %}


{# A foreign currency that has no rate on or before the day (or none at all), on a row that has an amount to convert. #}
{% macro rate_cases(rate_date, amounts) -%}
    {%- if not rate_date -%} {{ return([]) }} {%- endif -%}
    {%- set conditions = ["typed.currency <> '" ~ var('reporting_currency', 'CNY') ~ "'"] -%}
    {%- if rate_date == 'any' -%}
        {%- do conditions.append("first_rates.first_rate_date is null") -%}
    {%- else -%}
        {%- do conditions.append("coalesce(first_rates.first_rate_date > " ~ rate_date ~ ", true)") -%}
    {%- endif -%}
    {%- if amounts -%}
        {%- do conditions.append("coalesce(" ~ prefixed(amounts, 'typed.') | join(', ') ~ ") is not null") -%}
    {%- endif -%}
    {{ return([["'currency_without_rate'", conditions | join(' and ')]]) }}
{%- endmacro %}


{# Reason codes of a model's own checks as SQL literals. #}
{% macro quoted_reasons(checks) -%}
    {%- set cases = [] -%}
    {%- for reason, condition in checks -%}
        {%- do cases.append(["'" ~ reason ~ "'", condition]) -%}
    {%- endfor -%}
    {{ return(cases) }}
{%- endmacro %}


{# An order_id that names no accepted order, where the base model checks it. #}
{% macro orphan_cases(orders) -%}
    {%- if not orders -%} {{ return([]) }} {%- endif -%}
    {{ return([["'order_id_orphan'", "typed.order_id is not null and accepted_orders.order_id is null"]]) }}
{%- endmacro %}


{# Names with a prefix each. #}
{% macro prefixed(names, prefix) -%}
    {%- set result = [] -%}
    {%- for name in names -%} {%- do result.append(prefix ~ name) -%} {%- endfor -%}
    {{ return(result) }}
{%- endmacro %}


{# The key as one text, parts separated by `|`; null parts are empty. #}
{% macro joined_key(keys, prefix='') -%}
    {%- for key in keys -%}
        coalesce(cast({{ prefix }}{{ key }} as {{ dbt.type_string() }}), ''){{ " || '|' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# The key of a row of a base model as one text, by the input contract. #}
{% macro row_key(table_name, base) -%}
    {%- set keys = contract_columns(table_name) | selectattr('presence', 'in', ['key', 'key_nullable']) -%}
    {{ joined_key(keys | map(attribute='name') | list, base ~ '.') }}
{%- endmacro %}
