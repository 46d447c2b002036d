{#
    Tables on DuckDB, unless their fingerprint is the one of the table that is there. What makes a table of SQL, its
    comments, digests and fingerprint are one script in one transaction, because each statement that dbt sends takes
    several milliseconds.

    dbt runs Python only for a materialization that asks for it itself, so that the few steps of a Python model stand
    here: first a digest of the code that it imports, then its table.
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- if not has_fingerprints() and model.language == 'sql' -%}
        {{ return(dbt.materialization_table_duckdb()) }}
    {%- endif -%}
    {%- if has_fingerprints() and model.language == 'python' -%}
        {%- call statement('imports', language='python') -%} {{ imported_code_job() }} {%- endcall -%}
    {%- endif -%}
    {%- set stored = stored_fingerprints() if has_fingerprints() else none -%}
    {%- set found = fingerprint(stored) if stored else none -%}
    {%- if stored and is_unchanged(found, stored) -%} {{ return(leave_unchanged()) }} {%- endif -%}
    {%- set keyed_found = keyed_fingerprint(stored) if is_keyed() else none -%}
    {%- if is_keyed() and finds_affected_keys(keyed_found, stored) -%}
        {{ return(build_affected_keys(found, keyed_found)) }}
    {%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set made = make_intermediate_relation(this.incorporate(type='table')) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- if model.language == 'python' -%}
        {%- call statement('clean', auto_begin=false) -%} drop table if exists {{ made }} {%- endcall -%}
        {%- call statement('main', language='python') -%}
            {{ create_table_as(false, made, compiled_code, 'python') }}
        {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do drop_if_other_type(existing, 'table') -%}
    {%- call statement('main' if model.language == 'sql' else 'swap') -%}
        drop table if exists {{ this }};
        {%- if model.language == 'sql' %}
        {{ create_table_as(false, this.incorporate(type='table'), compiled_code) }}
        {%- else %}
        alter table {{ made }} rename to {{ adapter.quote(this.identifier) }};
        {%- endif %}
        {{ comments_on('table') }}
        {% if stored %} {{ record_fingerprint(found) }} {%- endif %}
        {% if is_keyed() %} {{ record_consumed(keyed_found) }} {%- endif %}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}


{# Views on DuckDB. A view over a table with changed types must be made anew: its fingerprint covers what it reads. #}
{% materialization view, adapter='duckdb' %}
    {%- if not has_fingerprints() -%} {{ return(dbt.materialization_view_default()) }} {%- endif -%}
    {%- set stored = stored_fingerprints() -%}
    {%- set found = fingerprint(stored) -%}
    {%- if is_unchanged(found, stored) -%} {{ return(leave_unchanged()) }} {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do drop_if_other_type(load_cached_relation(this), 'view') -%}
    {%- call statement('main') -%}
        drop view if exists {{ this }};
        {{ get_create_view_as_sql(this.incorporate(type='view'), compiled_code) }}
        {{ comments_on('view') }}
        {{ record_fingerprint(found) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}


{# Drops a view where a table should be, or a table where a view should be, in the transaction that replaces it. #}
{% macro drop_if_other_type(existing, type) -%}
    {%- if existing is not none and existing.type != type -%}
        {%- call statement('begin') -%} select 1 {%- endcall -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{%- endmacro %}


{#
    SQL for the comments that BI tools show, on the relation of this model and on its columns, as configured. A column
    that YAML describes and the model lacks is an error.
#}
{% macro comments_on(type) -%}
    {%- set relation = this.incorporate(type=type) -%}
    {%- if config.persist_relation_docs() and model.description %}
    {{ alter_relation_comment(relation, model.description) }}
    {%- endif %}
    {%- if config.persist_column_docs() -%}
    {%- for column in model.columns.values() %}
    comment on column {{ relation }}.{{ adapter.quote(column.name) }}
    is {{ duckdb_escape_comment(column.description) }};
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
