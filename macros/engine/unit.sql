{#
    Unit tests on DuckDB with dbt 1: the types of the columns come from a description of the query, where dbt creates an
    empty table of it, describes that and drops it.
#}
{% materialization unit, adapter='duckdb' %}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- if not dbt_version.startswith('1.') or config.get('sql_header') -%}
        {{ return(dbt.materialization_unit_default()) }}
    {%- endif -%}
    {%- set types, quoted, names = types_of_columns('(' ~ sql ~ ')'), {}, [] -%}
    {%- for name in types -%}
        {%- do quoted.update({name: adapter.quote(name)}) -%}
    {%- endfor -%}
    {%- for name in (expected_rows or [types])[0] -%}
        {%- do names.append(quoted[name | lower]) -%}
    {%- endfor -%}
    {%- set expected = config.get('expected_sql') or get_expected_sql(expected_rows, types, quoted) -%}
    {%- call statement('main', fetch_result=true) -%}
        {{ get_unit_test_sql(sql, expected, names) }}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}
