with

row_ledger as (select * from {{ ref('row_ledger') }}),

-- The columns of the landed tables are known when this is compiled; the layering rule makes an exception for this
-- model.
landed_tables as (
    {%- for table_name in staged_tables() %}
    {%- set relation = raw_relation(table_name) %}
    {%- set present = present_columns(relation) %}
    {%- set known = contract_columns(table_name) | map(attribute='name') | list %}
    select
        '{{ table_name }}' as table_name,
        {{ text_list(known | reject('in', present) | list if relation is not none else []) }} as missing_columns,
        {{ text_list(present | reject('in', known) | list) }} as unknown_columns,
        {{ relation is not none }} as is_present
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    landed_tables.table_name,
    landed_tables.missing_columns,
    landed_tables.unknown_columns,
    row_ledger.rows_in,
    landed_tables.is_present
from landed_tables
inner join row_ledger on row_ledger.table_name = landed_tables.table_name
