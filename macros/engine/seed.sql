{#
    Seeds on DuckDB, read by the engine itself instead of row by row in Python (twenty times faster on the sample).

    Every column is text (`001` stays `001`), except those that the seed's `column_types` names; empty cells are null.
    A column_types name that the file lacks is an error of the reader, which names it.

    dbt takes a materialization of this name from the root project alone. A project that uses this one as a package
    calls it from one of its own (docs/package.md); its own seeds are then seeded as usual.
#}
{% materialization seed, adapter='duckdb' %}
    {%- if model.package_name != 'shopper_analytics' -%}
        {{ return(dbt.materialization_seed_default()) }}
    {%- endif -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set path = adapter.get_seed_file_path(model) -%}
    {%- set types = config.get('column_types', {}) -%}
    {%- do store_result('agate_table', response='OK') -%}
    {%- set found = none -%}
    {%- if has_fingerprints() -%}
        {%- set digest = "select md5(content) from read_blob('" ~ path | replace("'", "''") ~ "')" -%}
        {%- set stored = stored_fingerprints() -%}
        {%- set found = fingerprint(stored, run_query(digest).columns[0].values() | list) -%}
        {%- if is_unchanged(found, stored) -%} {{ return(leave_unchanged()) }} {%- endif -%}
    {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        create or replace table {{ target_relation }} as
        select
            {%- if types %} * replace (
                {%- for name, type in types.items() %}
                cast({{ adapter.quote(name) }} as {{ type }}) as {{ adapter.quote(name) }}{{ "," if not loop.last }}
                {%- endfor %}
            )
            {%- else %} *
            {%- endif %}
        from read_csv(
            '{{ path | replace("'", "''") }}',
            header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, strict_mode = true
        )
    {%- endcall -%}
    {% do persist_docs(target_relation, model) %}
    {%- if has_fingerprints() -%}
        {%- call statement('fingerprint') -%} {{ record_fingerprint(found) }} {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#
    Seeds on Spark, by the same rules, read by the engine. A cluster does not see the files beside dbt, so there
    SHOPPER_SPARK_PROJECT names a copy of the project's folder that it does see, such as s3a://bucket/shopper.
#}
{% materialization seed, adapter='spark' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set types = config.get('column_types', {}) -%}
    {%- set view = 'file_of_' ~ model.name -%}
    {%- set folder = env_var('SHOPPER_SPARK_PROJECT', 'file://' ~ model.root_path) -%}
    {%- do store_result('agate_table', response='OK') -%}
    {%- call statement('file') -%}
        create or replace temporary view {{ view }} using csv options (
            path '{{ folder | replace("'", "\\'") }}/{{ model.original_file_path }}',
            header true, multiLine true, quote '"', escape '"'
        )
    {%- endcall -%}
    {%- set names = get_columns_in_query('select * from ' ~ view) -%}
    {%- for name in types if name not in names -%}
        {{ exceptions.raise_compiler_error("seed " ~ model.name ~ " lacks the column " ~ name ~ " of column_types") }}
    {%- endfor -%}
    {%- call statement('drop') -%} drop table if exists {{ target_relation }} {%- endcall -%}
    {%- call statement('main') -%}
        create table {{ target_relation }} as
        select
            {%- for name in names %}
            cast({{ adapter.quote(name) }} as {{ types.get(name, 'string') }}) as {{ adapter.quote(name) }}
            {{- "," if not loop.last }}
            {%- endfor %}
        from {{ view }}
    {%- endcall -%}
    {%- call statement('drop') -%} drop view {{ view }} {%- endcall -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
