{#
    Whether this run stores and compares fingerprints: on DuckDB, with dbt 1, by commands that build tables, and not in
    another project that takes this one as a package (dbt takes its materializations from the root project alone).
#}
{% macro has_fingerprints() -%}
    {{ return(
        execute and project_name == 'shopper_analytics' and target.type == 'duckdb' and dbt_version.startswith('1.')
        and flags.WHICH in ['build', 'run', 'seed', 'snapshot']
    ) }}
{%- endmacro %}


{# Whether the node of this fingerprint need not be built. A full refresh and an `--empty` run build everything. #}
{% macro is_unchanged(fingerprint, stored) -%}
    {%- if fingerprint is none or flags.FULL_REFRESH or flags.EMPTY -%} {{ return(false) }} {%- endif -%}
    {%- if stored.fingerprint != fingerprint -%} {{ return(false) }} {%- endif -%}
    {%- if model.resource_type == 'test' -%} {{ return(flags.WHICH == 'build') }} {%- endif -%}
    {%- if stored.relation is none -%} {{ return(false) }} {%- endif -%}
    {%- if stored.row_count is none -%} {{ return(stored.relation.is_view) }} {%- endif -%}
    {{ return(is_of_row_count(stored)) }}
{%- endmacro %}


{# Whether the table is there, with as many rows as it had at its last success. #}
{% macro is_of_row_count(stored) -%}
    {{ return(stored.present_rows is not none and stored.present_rows == stored.row_count) }}
{%- endmacro %}


{#
    SQL that stores the fingerprint of this node, in the transaction that puts its table into place: a killed run leaves
    both or neither. The content of a table is its digest, so that a table which was rebuilt with the same content
    causes no more work; that of a view is its fingerprint, unless its YAML says `meta.content: rows` or it keeps
    digests by key. Without a fingerprint nothing is stored.

    digests    digests by a key that are up to date; none: the whole table was built, and they are made here.
#}
{% macro record_fingerprint(fingerprint, digests=none) -%}
    {%- set key, keys = fingerprint_key(model), keys_wanted(model) | list -%}
    {%- set is_table = model.resource_type != 'test' and model.config.materialized != 'view' -%}
    {%- set is_by_rows = is_table or keys or (model.config.get('meta') or {}).get('content') == 'rows' -%}
    {%- if not digests and keys %}
    {{ record_key_digests() }}
    {%- endif %}
    delete from landing.fingerprints where key = '{{ key }}';
    {%- if fingerprint is not none %}
    insert into landing.fingerprints
    select
        '{{ key }}',
        '{{ fingerprint }}',
        {% if not is_by_rows %} '{{ fingerprint }}' {%- else -%}
        {{ content_digest(this, digests=digests or (key_digests(model, keys[0]) if keys else none)) }} {%- endif %},
        {% if not is_table %} null {%- else %} (select count(*) from {{ this }}) {%- endif %};
    {%- endif %}
{%- endmacro %}


{#
    The tables of a run's start: fingerprints by key. A run that stores none drops them, because it changes tables.
#}
{% macro prepare_fingerprints() -%}
    {%- if has_fingerprints() %}
        create table if not exists landing.fingerprints (
            key varchar, fingerprint varchar, content varchar, row_count bigint
        );
        {{ prepare_key_digests() }}
    {%- else %}
        drop table if exists landing.fingerprints;
        drop schema if exists keys cascade;
    {%- endif %}
{%- endmacro %}


{# A materialization's result for a node that is left as it is. #}
{% macro leave_unchanged() -%}
    {%- do store_raw_result(name='main', message='UNCHANGED', code='UNCHANGED', rows_affected='-1') -%}
    {{ return({'relations': [this]}) }}
{%- endmacro %}
