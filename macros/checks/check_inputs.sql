{#
    The landed tables checked against the input contract before the first model: at least one of orders, sessions and
    events is there, and no table lacks a column that it must have. Absent tables and unknown columns are logged once.
#}
{% macro check_inputs() -%}
    {%- if not execute or var('raw_data', 'sample') != 'source' -%} {{ return('') }} {%- endif -%}
    {%- set absent, unknown, problems = [], [], [] -%}
    {%- for table_name in staged_tables() -%}
        {%- set relation = load_relation(source('raw', table_name)) -%}
        {%- if relation is none -%}
            {%- do absent.append(table_name) -%}
        {%- else -%}
            {%- set present = present_columns(relation) -%}
            {%- set contract = contract_columns(table_name) -%}
            {%- do problems.extend(missing_columns(table_name, contract, present)) -%}
            {%- set known = contract | map(attribute='name') | list -%}
            {%- for column in present if column not in known -%}
                {%- do unknown.append(table_name ~ '.' ~ column) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if 'orders' in absent and 'events' in absent and 'sessions' in absent -%}
        {%- do problems.append("schema raw has none of the tables orders, sessions, events; at least one is needed") -%}
    {%- endif -%}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error("the raw tables do not fit the input contract: " ~ problems | join("; ")) }}
    {%- endif -%}
    {%- if absent -%}
        {{ log("Inputs absent, taken as empty: " ~ absent | join(", "), info=true) }}
    {%- endif -%}
    {%- if unknown -%}
        {{ log("Columns outside the input contract, ignored: " ~ unknown | join(", "), info=true) }}
    {%- endif -%}
{%- endmacro %}


{#
    Columns that a landed table must have and lacks, one message each. A single key column may be absent (it is derived
    from the row's content); parts of a key of several columns may not.
#}
{% macro missing_columns(table_name, contract, present) -%}
    {%- set keys = contract | selectattr('presence', 'equalto', 'key') | map(attribute='name') | list -%}
    {%- set messages = [] -%}
    {%- for column in contract if column.name not in present -%}
        {%- if column.presence == 'required' or (column.presence == 'key' and keys | length > 1) -%}
            {%- do messages.append("table raw." ~ table_name ~ " lacks the required column " ~ column.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(messages) }}
{%- endmacro %}
