{#
    Tables on DuckDB, built as dbt-duckdb does, unless their fingerprint is the one of the table that is there.

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
    {%- if is_keyed() -%}
        {%- set keyed_found = keyed_fingerprint(stored) -%}
        {%- if finds_affected_keys(keyed_found, stored) -%}
            {{ return(build_affected_keys(found, keyed_found)) }}
        {%- endif -%}
        {%- do post_hooks.append(consumed_hook(keyed_found)) -%}
    {%- endif -%}
    {%- if model.language == 'sql' -%}
        {%- do post_hooks.append(fingerprint_hook(found)) -%}
        {{ return(dbt.materialization_table_duckdb()) }}
    {%- endif -%}

    {%- set made = make_intermediate_relation(this.incorporate(type='table')) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- call statement('clean', auto_begin=false) -%} drop table if exists {{ made }} {%- endcall -%}
    {%- call statement('main', language='python') -%}
        {{ create_table_as(false, made, compiled_code, 'python') }}
    {%- endcall -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- call statement('swap') -%}
        {%- if existing is not none %} drop {{ existing.type }} if exists {{ this }}; {%- endif %}
        alter table {{ made }} rename to {{ adapter.quote(this.identifier) }};
        {%- if stored %} {{ record_fingerprint(found) }} {%- endif %}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(this, model) %}
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
    {%- do post_hooks.append(fingerprint_hook(found)) -%}
    {{ return(dbt.materialization_view_default()) }}
{% endmaterialization %}
