{#
    The record of the last build in `landing.last_build`, one row: what was built, from which data, with which vars, and
    how it ended. `shopper publish` refuses a build that did not finish, was not tested, or read other data.
    results: null at the start of a run, which leaves `failures` null; dbt's results at its end. DuckDB only, because
    only DuckDB files are published.
#}
{% macro record_build(results=none) -%}
    {%- if not execute or target.type != 'duckdb' or flags.WHICH not in ['build', 'run', 'seed', 'snapshot'] -%}
        {{ return('') }}
    {%- elif results is none -%}
        create schema if not exists landing;
        {{ prepare_fingerprints() }}
        create or replace table landing.last_build as
        select
            '{{ invocation_id }}' as invocation_id,
            '{{ flags.WHICH }}' as command,
            '{{ var("raw_data", "sample") }}' as raw_data,
            {{ landed_digest() }} as landed_digest,
            {{ is_everything_built() }} as is_whole,
            cast(null as bigint) as failures
    {%- else -%}
        {%- set failed = results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
        update landing.last_build
        set failures = {{ failed | length }}
        where invocation_id = '{{ invocation_id }}'
    {%- endif -%}
{%- endmacro %}


{# Whether the command selects everything. Leaving out unit tests, exposures and saved queries changes no table. #}
{% macro is_everything_built() -%}
    {%- set chosen = [] -%}
    {%- for name in ['select', 'exclude', 'selector', 'resource_types'] if invocation_args_dict.get(name) -%}
        {%- do chosen.append(name) -%}
    {%- endfor -%}
    {%- set without_tables = ['unit_test', 'exposure', 'saved_query'] -%}
    {%- for name in invocation_args_dict.get('exclude_resource_types') or [] if name | string not in without_tables -%}
        {%- do chosen.append(name) -%}
    {%- endfor -%}
    {{ return('false' if chosen else 'true') }}
{%- endmacro %}


{# SQL for the digest of what the loader has landed; null if another tool fills the schema raw, or nothing does. #}
{% macro landed_digest() -%}
    {%- set landings = run_query(
        "select count(*) from duckdb_tables() where schema_name = 'landing' and table_name = 'tables'"
    ) -%}
    {%- if landings.columns[0].values()[0] == 0 -%} {{ return('cast(null as varchar)') }} {%- endif -%}
    (select md5(string_agg(table_name || digest, ',' order by table_name)) from landing.tables)
{%- endmacro %}
