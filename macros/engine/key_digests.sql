{#
    Digests by key of what a keyed model reads: in the schema `keys` one table per relation and key, with the hash of
    the key, the sum of its rows' hashes, the number of its rows, and the version at which they last changed. A key
    without rows any more stays, so that its readers see that it changed.

    They are brought up to date in the transaction that puts the relation into place. Two keys with one hash count as
    one: more is built than needed, never less.
#}
{% macro prepare_key_digests() -%}
    create schema if not exists keys;
    create sequence if not exists keys.versions;
    create table if not exists keys.consumed (reader varchar, input varchar, fingerprint varchar, version bigint);
{%- endmacro %}


{# The declaration `meta.keyed` of a node; an empty mapping: it has none. #}
{% macro keyed_of(node) -%}
    {{ return((node.config.get('meta') or {}).get('keyed') or {}) }}
{%- endmacro %}


{# The keys (SQL over its columns) by which this node keeps digests. #}
{% macro keys_wanted(node) -%}
    {{ return((node.config.get('meta') or {}).get('digested_by') or []) }}
{%- endmacro %}


{# The table that holds the digests of a node by a key. #}
{% macro key_digests(node, key) -%}
    {{ return('keys."' ~ fingerprint_key(node) ~ ' ' ~ local_md5(key)[:8] ~ '"') }}
{%- endmacro %}


{# SQL for the digests by key of a relation that has the columns of this node. #}
{% macro digests_by_key(relation, key, sign='') -%}
    select
        hash({{ key }}) as key,
        {{ sign }}cast(sum(hash(*columns(*))) as hugeint) as digest,
        {{ sign }}count(*) as row_count
    from {{ relation }}
    group by hash({{ key }})
{%- endmacro %}


{# SQL that brings the digests of this node up to date after a whole build, by all its rows. #}
{% macro record_key_digests() -%}
    {%- for key in keys_wanted(model) -%}
        {%- set digests = key_digests(model, key) %}
        create table if not exists {{ digests }} (key ubigint, digest hugeint, row_count bigint, version bigint);
        {{ apply_key_changes(digests, digests_by_key(this, key)
            ~ ' union all select key, -digest, -row_count from ' ~ digests) }}
    {%- endfor -%}
{%- endmacro %}


{# SQL that adds changes (query of key, digest and row_count, several rows per key) to a table of digests. #}
{% macro apply_key_changes(digests, changes) %}
    create or replace temporary table changed_keys as
    select key, cast(sum(digest) as hugeint) as digest, cast(sum(row_count) as bigint) as row_count
    from ({{ changes }})
    group by key
    having sum(digest) <> 0 or sum(row_count) <> 0;
    create or replace temporary table changed_digests as
    select
        changed_keys.key,
        changed_keys.digest + coalesce(found.digest, 0) as digest,
        changed_keys.row_count + coalesce(found.row_count, 0) as row_count
    from changed_keys
    left join {{ digests }} as found on found.key = changed_keys.key;
    delete from {{ digests }} where key in (select key from changed_digests);
    insert into {{ digests }}
    select key, digest, row_count, {{ run_query("select nextval('keys.versions')").columns[0].values()[0] }}
    from changed_digests;
    drop table changed_keys;
    drop table changed_digests;
{%- endmacro %}
