{#
    Whether the query of a model has the columns of its contract: one query, where dbt asks for the columns of either
    and compares them itself. Where they differ, dbt's own comparison says how.
#}
{% macro duckdb__get_assert_columns_equivalent(sql) -%}
    {%- set differing = 'found' -%}
    {%- if dbt_version.startswith('1.') and model.columns and config.get('sql_header') is none -%}
        {%- set differing = run_query(
            'select count(*) from (describe (' ~ sql ~ ')) as found full join (describe ('
            ~ get_empty_schema_sql(model.columns) ~ ')) as declared'
            ~ ' on lower(found.column_name) = lower(declared.column_name) and found.column_type = declared.column_type'
            ~ ' where found.column_name is null or declared.column_name is null'
        ).columns[0].values()[0] -%}
    {%- endif -%}
    {%- if differing -%} {{ return(assert_columns_equivalent(sql)) }} {%- endif -%}
{%- endmacro %}
