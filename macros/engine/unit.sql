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


{#
    The same on Spark, where reading the query is most of what a unit test costs. The expected rows are one inline
    table: a union of them takes several times as long to plan.
#}
{% materialization unit, adapter='spark' %}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set types, quoted, tested, names = {}, {}, {}, [] -%}
    {%- for column in run_query('describe query ' ~ sql).rows -%}
        {%- do types.update({column['col_name'] | lower: column['data_type']}) -%}
        {%- do quoted.update({column['col_name'] | lower: adapter.quote(column['col_name'])}) -%}
    {%- endfor -%}
    {%- for name in (expected_rows or [types])[0] -%}
        {%- do tested.update({name | lower: types[name | lower]}) -%}
        {%- do names.append(quoted[name | lower]) -%}
    {%- endfor -%}
    {%- set expected = config.get('expected_sql') -%}
    {%- if not expected and expected_rows -%}
        {%- set expected = get_fixture_sql(expected_rows, tested) -%}
    {%- elif not expected -%}
        {%- set expected = get_expected_sql(expected_rows, types, quoted) -%}
    {%- endif -%}
    {%- call statement('main', fetch_result=true) -%}
        {{ get_unit_test_sql(sql, expected, names) }}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}
