{#
    How a contract holds on Spark: names and kinds of columns as declared, and each column cast to its declared type.

    Spark gives a row number as int and a difference of decimals one digit more than its parts. Such a column is of the
    declared kind, and the cast loses nothing; a value that does not fit stops the build (ANSI mode). Constraints are
    left to the tests, which check them on every engine.
#}
{% macro spark__format_column(column) -%}
    {%- set data_type = column.dtype | lower | replace(' ', '') -%}
    {%- if data_type in ['tinyint', 'smallint', 'int', 'bigint'] -%}
        {%- set kind = 'whole number' -%}
    {%- elif data_type.startswith('decimal(') -%}
        {%- set kind = 'decimal of scale ' ~ data_type.split(',')[1].rstrip(')') -%}
    {%- else -%}
        {%- set kind = data_type -%}
    {%- endif -%}
    {{ return({
        'name': column.name, 'data_type': column.dtype, 'formatted': column.column | lower ~ ' ' ~ kind
    }) }}
{%- endmacro %}


{% macro spark__get_select_subquery(sql) -%}
    select
        {%- for column in model['columns'].values() %}
        cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
        {%- endfor %}
    from (
        {{ sql }}
    ) as contracted
{%- endmacro %}


{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}
