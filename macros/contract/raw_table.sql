{#
    The rows of one raw table with every column of the input contract, as text. Raw data is read only by this
    macro.

    Reads the sample seed or the landed table by the var `raw_data`. A column that the table lacks is null; a landed
    table that is not there has no rows; a single key column that is absent is derived from the row's content and its
    occurrence number. `source_row` is the whole row, unknown columns included; it becomes text only for rejected
    rows. The refs to the seed and the landed table are the only ones built from a name: only one of the two may be a
    parent of the model.
#}
{% macro raw_table(table_name) -%}
    {%- set relation = raw_relation(table_name) -%}
    {%- set contract = contract_columns(table_name) -%}
    {%- set present = present_columns(relation) -%}
    {%- set keys = contract | selectattr('presence', 'equalto', 'key') | map(attribute='name') | list -%}
    select
        {%- for column in contract %}
        {% if column.name in present -%}
            cast(landed_row.{{ present[column.name] }} as {{ dbt.type_string() }})
        {%- elif keys == [column.name] and relation is not none -%}
            {{ derived_key('landed_row', contract | map(attribute='name') | list, present) }}
        {%- else -%}
            cast(null as {{ dbt.type_string() }})
        {%- endif %} as {{ column.name }},
        {%- endfor %}
    {%- if relation is not none %}
        {{ row_as_struct('landed_row') }} as source_row
    from (select {{ present.values() | join(', ') }} from {{ relation }}) as landed_row
    {%- else %}
        cast(null as {{ dbt.type_string() }}) as source_row
    where 1 = 0
    {%- endif %}
{%- endmacro %}


{#
    The relation that holds a raw table in this mode, or none where it is absent. The sample has every table: in a build
    from it, one that is absent was lost.
#}
{% macro raw_relation(table_name) -%}
    {%- if var('raw_data', 'sample') == 'sample' -%}
        {%- set relation = ref('raw_' ~ table_name) -%}
    {%- else -%}
        {%- set relation = source('raw', table_name) -%}
    {%- endif -%}
    {%- if not execute -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- set found = load_relation(relation) -%}
    {%- if found is none and var('raw_data', 'sample') == 'sample' and flags.WHICH in ['build', 'run'] -%}
        {{ exceptions.raise_compiler_error(
            "the seed raw_" ~ table_name ~ " is not in the warehouse; dbt seed or dbt build loads it"
        ) }}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}


{# Contract columns of a raw table in order: a list of {name, type, presence, enumeration}. #}
{% macro contract_columns(table_name) -%}
    {%- set columns = [] -%}
    {%- for node in graph.get('sources', {}).values() if node.source_name == 'raw' and node.name == table_name -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = column.get('config', {}).get('meta') or column.get('meta') -%}
            {%- do columns.append({
                'name': column.name, 'type': meta['type'], 'presence': meta['presence'],
                'enumeration': meta.get('enumeration')
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{#
    Name (lower case) to the quoted name of the columns of a relation, without `_file_key`, the key of the file that the
    loader took a row from.
#}
{% macro present_columns(relation) -%}
    {%- set present = {} -%}
    {%- if execute and relation is not none -%}
        {%- for column in adapter.get_columns_in_relation(relation) if column.name != '_file_key' -%}
            {%- do present.update({column.name | lower: adapter.quote(column.name)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(present) }}
{%- endmacro %}
