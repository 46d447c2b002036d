{# Data tests as dbt runs them; the first rows of a failed test are logged, so that the message names what is wrong. #}
{% materialization test, adapter='duckdb' %}
    {%- set relations = dbt.materialization_test_default() -%}
    {%- if load_result('main')['table'].rows[0][0] > 0 -%}
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
