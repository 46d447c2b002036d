{#
    Data tests as dbt runs them; the first rows of a failed test are logged, so that the message names what is wrong. In
    `dbt build`, a test that passed on the same content is not run again. `dbt test` runs all.
#}
{% materialization test, adapter='duckdb' %}
    {%- set is_stored = has_fingerprints() -%}
    {%- set stored = stored_fingerprints() if is_stored else none -%}
    {%- set found = fingerprint(stored) if is_stored else none -%}
    {%- if is_stored and is_unchanged(found, stored) -%}
        {%- do store_raw_result(name='main', message='UNCHANGED', code='UNCHANGED', rows_affected='-1',
            agate_table=stored.passed) -%}
        {{ return({'relations': []}) }}
    {%- endif -%}
    {%- set relations = dbt.materialization_test_default() -%}
    {%- set outcome = load_result('main')['table'].rows[0] -%}
    {%- if is_stored -%}
        {%- set passed = found if outcome[0] == 0 and not outcome[1] and not outcome[2] else none -%}
        {%- call statement('fingerprint') -%} {{ record_fingerprint(passed) }} {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
    {%- if outcome[0] > 0 -%}
        {%- set failing_rows = run_query('select * from (' ~ sql ~ ') limit 5') -%}
        {%- for row in failing_rows.rows -%}
            {%- set cells = [] -%}
            {%- for name in failing_rows.column_names -%}
                {%- do cells.append(name ~ '=' ~ row[name]) -%}
            {%- endfor -%}
            {{ log(model.name ~ ': ' ~ cells | join(', '), info=true) }}
        {%- endfor -%}
    {%- endif -%}
    {{ return(relations) }}
{% endmaterialization %}
