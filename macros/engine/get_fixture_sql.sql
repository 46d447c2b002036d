{#
    The rows of a unit test's input. On Spark as one inline table: a union of them, as dbt writes it, takes several
    times as long to plan as the model.
#}
{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
    {%- if target.type != 'spark' or not rows -%}
        {{ return(dbt.get_fixture_sql(rows, column_name_to_data_types)) }}
    {%- endif -%}
    {%- set types = {} -%}
    {%- if column_name_to_data_types -%}
        {%- do types.update(column_name_to_data_types) -%}
    {%- else -%}
        {%- for column in adapter.get_columns_in_relation(this) -%}
            {%- do types.update({column.name | lower: column.data_type}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set lines = [] -%}
    {%- for row in rows -%}
        {%- set given = format_row(row, types) -%}
        {%- set cells = [] -%}
        {%- for name, type in types.items() -%}
            {%- do cells.append(given.get(name) or safe_cast('null', type)) -%}
        {%- endfor -%}
        {%- do lines.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    select * from values {{ lines | join(', ') }} as given (`{{ types | join('`, `') }}`)
{%- endmacro %}
