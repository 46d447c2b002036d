{#
    Tables of which only some keys are built again. A model says so in its YAML:

        config:
          meta:
            keyed:
              by: visitor_id
              reads:
                stg_events: visitor_id
                int_urls_parsed: {by: url, at: page_url, of: [stg_events]}
              apart: session_id

    by      the model's key: SQL over its columns. The rows of a key depend on nothing but
    reads   the rows of the same key of these inputs (SQL over their columns), and all rows of all other inputs. An
            input with a key of its own (`by`) reaches the keys that the inputs `of` have where their column `at` is
            that key; it is read whole. All inputs keep digests by these keys (`meta.digested_by`).
    apart   optional: a column in which keys hardly ever have a value in common. Those that do are built together.

    If the code, the configuration and the other inputs are those of the last success, the rows of the keys that changed
    in an input are replaced, in one transaction. Else, or if these keys own too many rows, everything is built.
#}
{% macro is_keyed() -%}
    {{ return(has_fingerprints() and model.language == 'sql' and keyed_of(model) | length > 0) }}
{%- endmacro %}


{# The inputs that are read by key: {node, key, digests, at, of}; `of` is none for rows of the same key. #}
{% macro keyed_inputs() -%}
    {%- set reads, inputs = keyed_of(model).reads, [] -%}
    {%- for node in parents_read() if node.name in reads -%}
        {%- set read = reads[node.name] if reads[node.name] is mapping else {'by': reads[node.name]} -%}
        {%- if read.by not in keys_wanted(node) -%}
            {{ exceptions.raise_compiler_error(node.name ~ ' keeps no digests by ' ~ read.by) }}
        {%- endif -%}
        {%- do inputs.append({
            'node': node, 'key': read.by, 'digests': key_digests(node, read.by), 'at': read.at, 'of': read.of
        }) -%}
    {%- endfor -%}
    {%- if inputs | length != reads | length -%}
        {{ exceptions.raise_compiler_error(model.name ~ ' does not read all that meta.keyed names') }}
    {%- endif -%}
    {{ return(inputs) }}
{%- endmacro %}


{# The fingerprint without the rows of the inputs that are read by key. #}
{% macro keyed_fingerprint(stored) -%}
    {%- set names = keyed_inputs() | map(attribute='node.name') | list -%}
    {%- set tables = [] -%}
    {%- for input in keyed_inputs() -%}
        {%- do tables.append("('" ~ input.node.schema ~ "', '" ~ input.node.alias ~ "')") -%}
    {%- endfor -%}
    {%- set columns = run_query(
        "select md5(string_agg(concat_ws(' ', schema_name, table_name, column_name, data_type), ','"
        ~ " order by schema_name, table_name, column_index)) from duckdb_columns() where database_name = '"
        ~ this.database ~ "' and (schema_name, table_name) in (" ~ tables | join(', ') ~ ")"
    ).columns[0].values() | list -%}
    {{ return(fingerprint(stored, columns, names)) }}
{%- endmacro %}


{# The relation of the keys that are built again, on this connection alone. #}
{% macro affected_keys() -%}
    {{ return('temp.main.affected_keys') }}
{%- endmacro %}


{#
    Whether the keys that changed in an input since the last success can be built alone; they are in `affected_keys()`
    then.
#}
{% macro finds_affected_keys(keyed_found, stored) -%}
    {%- if flags.FULL_REFRESH or flags.EMPTY or stored.fingerprint is none or keyed_found is none
        or not is_of_row_count(stored) -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set consumed = {} -%}
    {%- for row in run_query(
        "select input, version from keys.consumed where reader = '" ~ fingerprint_key(model)
        ~ "' and fingerprint = '" ~ keyed_found ~ "'"
    ).rows -%}
        {%- do consumed.update({row[0]: row[1]}) -%}
    {%- endfor -%}
    {%- set selects, owned = [], [] -%}
    {%- for input in keyed_inputs() -%}
        {%- if input.digests not in consumed -%} {{ return(false) }} {%- endif -%}
        {%- set changed = 'select key from ' ~ input.digests ~ ' where version > ' ~ consumed[input.digests] -%}
        {%- for name in input.of or [] -%}
            {%- do selects.append(
                'select hash(' ~ keyed_of(model).reads[name] ~ ') from ' ~ ref(name)
                ~ ' where hash(' ~ input.at ~ ') in (' ~ changed ~ ')'
            ) -%}
        {%- endfor -%}
        {%- if not input.of -%}
            {%- do selects.append(changed) -%}
            {%- do owned.append(
                'select row_count, key in (from ' ~ affected_keys() ~ ') as is_affected from ' ~ input.digests
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do run_query('create or replace temporary table affected_keys as ' ~ selects | join(' union ')) -%}
    {%- set share = run_query(
        'select sum(row_count) filter (is_affected) / sum(row_count) from (' ~ owned | join(' union all ') ~ ')'
    ) -%}
    {{ return((share.columns[0].values()[0] or 0) <= 0.3) }}
{%- endmacro %}


{# SQL that stores which version of its inputs this node was built from, if they keep digests. #}
{% macro record_consumed(keyed_found) -%}
    {%- set kept = run_query(
        "select 'keys.\"' || table_name || '\"' from duckdb_tables() where schema_name = 'keys'"
    ).columns[0].values() -%}
    delete from keys.consumed where reader = '{{ fingerprint_key(model) }}';
    {%- for input in keyed_inputs() if input.digests in kept and keyed_found %}
    insert into keys.consumed
    select '{{ fingerprint_key(model) }}', '{{ input.digests }}', '{{ keyed_found }}', coalesce(max(version), 0)
    from {{ input.digests }};
    {%- endfor %}
{%- endmacro %}
