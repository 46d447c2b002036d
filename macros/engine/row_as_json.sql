{# A whole row as one value, unknown columns included. Cheap: nothing is copied until a column is read. #}
{% macro row_as_struct(table_alias) -%}
    {{ return(adapter.dispatch('row_as_struct', 'shopper_analytics')(table_alias)) }}
{%- endmacro %}

{% macro default__row_as_struct(table_alias) -%}
    {{ table_alias }}
{%- endmacro %}

{% macro spark__row_as_struct(table_alias) -%}
    struct({{ table_alias }}.*)
{%- endmacro %}


{# A row from row_as_struct as JSON text. #}
{% macro row_as_json(row) -%}
    {{ return(adapter.dispatch('row_as_json', 'shopper_analytics')(row)) }}
{%- endmacro %}

{% macro default__row_as_json(row) -%}
    cast(to_json({{ row }}) as varchar)
{%- endmacro %}

{% macro spark__row_as_json(row) -%}
    to_json({{ row }}, map('ignoreNullFields', 'false'))
{%- endmacro %}


{# A digest of a row from row_as_struct, equal for equal rows; stable within one version of the engine. #}
{% macro row_digest(row) -%}
    {{ return(adapter.dispatch('row_digest', 'shopper_analytics')(row)) }}
{%- endmacro %}

{% macro default__row_digest(row) -%}
    hash({{ row }})
{%- endmacro %}

{% macro spark__row_digest(row) -%}
    xxhash64(to_json({{ row }}))
{%- endmacro %}
