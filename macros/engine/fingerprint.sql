{#
    The fingerprint of a node: a digest of all that decides its result. A node whose fingerprint equals the one that was
    stored with its last success is left as it is.

    It covers the compiled code (and with it every macro, var and column that the code uses), the node's configuration
    and its columns in YAML, the contents of the tables that it reads, the code of a Python model's imports, and the
    versions of dbt and DuckDB. null: what it reads is not known, so that it must be built.

    stored     what `stored_fingerprints` returned.
    parts      further texts that decide the result, such as the digest of a seed's file.
    without    names of parents whose contents are left out.
#}
{% macro fingerprint(stored, parts=[], without=[]) -%}
    {%- set found = ['1', dbt_version, stored.engine, tojson(model.config, sort_keys=true)] + parts -%}
    {%- if model.resource_type != 'seed' -%}
        {%- do found.append(model.get('compiled_code') or '') -%}
    {%- endif -%}
    {%- if model.config.get('contract', {}).get('enforced') -%}
        {%- do found.append(get_table_columns_and_constraints()) -%}
    {%- endif -%}
    {%- if model.resource_type in ['model', 'seed'] -%}
        {%- do found.append(model.get('description') or '') -%}
        {%- do found.append(tojson(model.get('columns') or {}, sort_keys=true)) -%}
    {%- endif -%}
    {%- if model.get('language') == 'python' -%}
        {%- do found.append(stored.contents[imports_key()]) -%}
    {%- endif -%}
    {%- for parent in stored.parents if parent.name not in without -%}
        {%- set content = raw_content(parent) if parent.resource_type == 'source'
            else stored.contents.get(fingerprint_key(parent)) -%}
        {%- if content is none -%} {{ return(none) }} {%- endif -%}
        {%- do found.append(fingerprint_key(parent) ~ ' ' ~ content) -%}
    {%- endfor -%}
    {{ return(local_md5(found | join('\n'))) }}
{%- endmacro %}


{# The nodes of the tables that this node reads; through an ephemeral model, those that it reads. #}
{% macro parents_read() -%}
    {%- set ids, seen, parents = model.depends_on.nodes | list, [], [] -%}
    {%- for unused in range(1000) if ids -%}
        {%- set id = ids.pop(0) -%}
        {%- set parent = graph.sources[id] if id in graph.sources else graph.nodes[id] -%}
        {%- if id not in seen -%}
            {%- do seen.append(id) -%}
            {%- if parent.config.get('materialized') == 'ephemeral' -%}
                {%- do ids.extend(parent.depends_on.nodes) -%}
            {%- else -%}
                {%- do parents.append(parent) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(parents | sort(attribute='unique_id')) }}
{%- endmacro %}


{# The key of a stored fingerprint: schema and name of a table, because targets share a file; the id of a test. #}
{% macro fingerprint_key(node) -%}
    {%- if node.resource_type == 'test' -%} {{ return(node.unique_id) }} {%- endif -%}
    {{ return(node.schema ~ '.' ~ (node.get('alias') or node.get('identifier'))) }}
{%- endmacro %}


{#
    What is stored for this node and for what it reads, from one query: `fingerprint` and `row_count` of the node (none:
    nothing stored), `contents` (digest of the content by key) and `engine` (DuckDB's version and time zone). Also
    `parents`, what it reads; `relation`, what stands in its place (none: nothing), with `present_rows`, the rows of a
    table; and `passed`, for a test, the result of one that passed.
#}
{% macro stored_fingerprints() -%}
    {%- set keys, parents = [fingerprint_key(model), imports_key()], parents_read() -%}
    {%- set relation = load_cached_relation(this) if model.resource_type != 'test' else none -%}
    {%- for parent in parents -%}
        {%- do keys.append(fingerprint_key(parent)) -%}
    {%- endfor -%}
    {%- set table = run_query(
        "select engine.version, fingerprints.key, fingerprints.fingerprint, fingerprints.content,"
        ~ " fingerprints.row_count, engine.present_rows, 0 as failures, false as should_warn, false as should_error"
        ~ " from (select version() || ' ' || current_setting('TimeZone') as version, ("
        ~ ('select count(*) from ' ~ this if relation is not none and relation.is_table else 'null')
        ~ ") as present_rows) as engine"
        ~ " left join landing.fingerprints on fingerprints.key in ('" ~ keys | join("', '") ~ "')"
    ) -%}
    {%- set stored = {
        'engine': table.rows[0][0], 'fingerprint': none, 'row_count': none, 'contents': {}, 'parents': parents,
        'relation': relation, 'present_rows': table.rows[0][5],
        'passed': table.limit(1).select(['failures', 'should_warn', 'should_error'])
    } -%}
    {%- for row in table.rows if row[1] -%}
        {%- do stored.contents.update({row[1]: row[3]}) -%}
        {%- if row[1] == keys[0] -%}
            {%- do stored.update({'fingerprint': row[2], 'row_count': row[4]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(stored) }}
{%- endmacro %}


{#
    A digest of a raw table's present content, whichever tool wrote it; 'absent' if it is not there. The key of the file
    that a row came from is no content.
#}
{% macro raw_content(source_node) -%}
    {%- set relation = load_relation(source(source_node.source_name, source_node.name)) -%}
    {%- if relation is none -%} {{ return('absent') }} {%- endif -%}
    {{ return(run_query("select " ~ content_digest(relation, ['_file_key'])).columns[0].values()[0]) }}
{%- endmacro %}


{#
    SQL for a digest of the content of a table: its columns with their types, the number of its rows, and a sum over
    rows that is the same in any order.

    without    columns that are left out.
    digests    the table's digests by a key, which have the sums already.
#}
{% macro content_digest(relation, without=[], digests=none) -%}
    (
        {%- if digests %}
        select md5(concat_ws(' ', coalesce(sum(row_count), 0), case when sum(row_count) > 0 then sum(digest) end))
        from {{ digests }}
        {%- else %}
        select md5(concat_ws(' ', count(*), sum(hash(*columns(lambda column_name: column_name not in ('-'
            {%- for name in without %}, '{{ name }}'{% endfor %}))))))
        from {{ relation }}
        {%- endif %}
    ) || (
        select md5(string_agg(name || ' ' || type, ',' order by cid))
        from pragma_table_info('{{ relation }}')
        where name not in ('-'{% for name in without %}, '{{ name }}'{% endfor %})
    )
{%- endmacro %}


{#
    Python for dbt to run: stores a digest of the modules of `shopper` that a Python model imports, under a key of its
    own, because only Python finds them.
#}
{% macro imported_code_job() -%}
class dbtObj:
    def __init__(self, load):
        self.load = load


def model(dbt, connection):
    from shopper.imported_code import code_digest

    stored = "({{ "'" ~ imports_key() ~ "'" }}, '" + code_digest({{ tojson(model.raw_code) }}) + "')"
    there = "select count(*) from landing.fingerprints where (key, content) = " + stored
    if connection.execute(there).fetchone()[0] == 0:
        connection.execute(
            "begin; delete from landing.fingerprints where key = {{ "'" ~ imports_key() ~ "'" }};"
            "insert into landing.fingerprints (key, content) values " + stored + "; commit"
        )


def materialize(table, connection):
    pass
{%- endmacro %}


{# The key of the digest of a Python model's imports. #}
{% macro imports_key() -%}
    {{ return('imports of ' ~ fingerprint_key(model)) }}
{%- endmacro %}
