{#
    The rows of a unit test's input as one inline table: a union of them, as dbt writes it, takes longer to plan, on
    Spark several times as long as the model. On DuckDB one query asks for the columns, where dbt's own way takes ten
    times as long. Where the relation is missing, dbt looks for one to defer to, or says so.
#}
{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
    {%- if target.type not in ['spark', 'duckdb'] or not dbt_version.startswith('1.')
        or (target.type == 'spark' and not rows)
        or (target.type == 'duckdb' and not column_name_to_data_types and load_relation(this) is none) -%}
        {{ return(dbt.get_fixture_sql(rows, column_name_to_data_types)) }}
    {%- endif -%}
    {%- set types, names, lines = column_name_to_data_types or types_of_columns(this), [], [] -%}
    {%- for name in types -%}
        {%- do names.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {%- for row in rows or [{}] -%}
        {%- set given = format_row(row, types) -%}
        {%- set cells = [] -%}
        {%- for name, type in types.items() -%}
            {%- do cells.append(given.get(name) or 'cast(null as ' ~ type ~ ')') -%}
        {%- endfor -%}
        {%- do lines.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    select * from {{ inline_table(lines | join(', '), 'given (' ~ names | join(', ') ~ ')') }}
    {%- if not rows %} limit 0 {%- endif %}
{%- endmacro %}


{# SQL of an inline table of rows. #}
{% macro inline_table(lines, name) -%}
    {{ return(adapter.dispatch('inline_table', 'shopper_analytics')(lines, name)) }}
{%- endmacro %}

{% macro default__inline_table(lines, name) -%}
    (values {{ lines }}) as {{ name }}
{%- endmacro %}

{% macro spark__inline_table(lines, name) -%}
    values {{ lines }} as {{ name }}
{%- endmacro %}


{# The types of a relation's columns by their names in small letters. #}
{% macro types_of_columns(relation) -%}
    {{ return(adapter.dispatch('types_of_columns', 'shopper_analytics')(relation)) }}
{%- endmacro %}

{% macro default__types_of_columns(relation) -%}
    {%- set types = {} -%}
    {%- for row in run_query('select column_name, column_type from (describe ' ~ relation ~ ')').rows -%}
        {%- do types.update({row[0] | lower: row[1]}) -%}
    {%- endfor -%}
    {{ return(types) }}
{%- endmacro %}

{% macro spark__types_of_columns(relation) -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- endfor -%}
    {{ return(types) }}
{%- endmacro %}
