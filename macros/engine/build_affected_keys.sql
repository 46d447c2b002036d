{# SQL of this model over the affected keys alone. #}
{% macro sql_of_affected_keys() -%}
    {%- set texts = [compiled_code] -%}
    {%- for input in keyed_inputs() if not input.of -%}
        {%- set relation = ref(input.node.name) | string -%}
        {%- do texts.append(texts[-1] | replace(
            relation,
            '(select * from ' ~ relation ~ ' where hash(' ~ input.key ~ ') in (from ' ~ affected_keys() ~ '))'
        )) -%}
        {%- if texts[-1] == texts[-2] -%}
            {{ exceptions.raise_compiler_error(model.name ~ ' does not read ' ~ relation) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(texts[-1]) }}
{%- endmacro %}


{# SQL that makes the rows of the affected keys, beside those that the table has for them. #}
{% macro make_affected_keys() -%}
    create or replace temporary table new_rows as from {{ this }} limit 0;
    insert into temp.main.new_rows by name (
        {{ sql_of_affected_keys() }}
    );
    create or replace temporary table old_rows as
    from {{ this }} where hash({{ keyed_of(model).by }}) in (from {{ affected_keys() }});
{%- endmacro %}


{# Makes the affected keys, and those that have a value of the column `apart` in common with them. #}
{% macro make_affected_keys_together() -%}
    {%- set own_key, apart = keyed_of(model).by, keyed_of(model).apart -%}
    {%- set more = [true] -%}
    {%- for unused in range(1000) if more[-1] -%}
        {%- call statement('affected') -%} {{ make_affected_keys() }} {%- endcall -%}
        {%- do more.append(false) -%}
        {%- if apart -%}
            {%- do more.append(run_query(
                'insert into ' ~ affected_keys() ~ ' select distinct hash(' ~ own_key ~ ') from ' ~ this
                ~ ' where hash(' ~ own_key ~ ') not in (from ' ~ affected_keys() ~ ') and ' ~ apart ~ ' in (select '
                ~ apart ~ ' from temp.main.new_rows union all select ' ~ apart ~ ' from temp.main.old_rows) returning 1'
            ).rows | length > 0) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}


{# SQL that replaces the rows of the affected keys, where they differ, and adds the differences to the digests. #}
{% macro replace_affected_keys() -%}
    {%- set own_key = keyed_of(model).by -%}
    create or replace temporary table replaced_keys as
    select key
    from (
        {{ digests_by_key('temp.main.new_rows', own_key) }}
        union all
        {{ digests_by_key('temp.main.old_rows', own_key, '-') }}
    )
    group by key
    having sum(digest) <> 0 or sum(row_count) <> 0;
    delete from {{ this }} where hash({{ own_key }}) in (from temp.main.replaced_keys);
    insert into {{ this }} from temp.main.new_rows where hash({{ own_key }}) in (from temp.main.replaced_keys);
    {%- for key in keys_wanted(model) %}
    {{ apply_key_changes(
        key_digests(model, key),
        digests_by_key('temp.main.new_rows', key)
        ~ ' union all ' ~ digests_by_key('temp.main.old_rows', key, '-')
    ) }}
    {%- endfor %}
    drop table temp.main.new_rows;
    drop table temp.main.old_rows;
    drop table temp.main.replaced_keys;
    drop table {{ affected_keys() }};
{%- endmacro %}


{# Puts the affected keys into place. The result of the materialization. #}
{% macro build_affected_keys(found, keyed_found) -%}
    {%- set digests = keys_wanted(model) | list -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do make_affected_keys_together() -%}
    {%- call statement('keys') -%}
        {{ replace_affected_keys() }}
        {{ record_fingerprint(found, key_digests(model, digests[0]) if digests else none) }}
        {{ record_consumed(keyed_found) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {%- do store_raw_result(name='main', message='KEYED', code='KEYED', rows_affected='-1') -%}
    {{ return({'relations': [this]}) }}
{%- endmacro %}
