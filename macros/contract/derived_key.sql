{#
    A key for rows that have none: a digest of the row's content and the number of its occurrence.

    The content is that of the contract's columns in the contract's order, so that
    adding, dropping or reordering other columns does not change the keys. Other columns only decide which of two rows
    with the same content comes first, so that keys do not depend on the order of arrival.
#}
{% macro derived_key(table_alias, contract_names, present) -%}
    {%- set digest -%}
        md5(concat_ws(chr(31)
        {%- for name in contract_names if name in present -%}
            , coalesce(cast({{ table_alias }}.{{ present[name] }} as {{ dbt.type_string() }}), chr(30))
        {%- endfor -%}
        ))
    {%- endset -%}
    {%- set others = [] -%}
    {%- for name, quoted in present.items() if name not in contract_names -%}
        {%- do others.append("cast(" ~ table_alias ~ "." ~ quoted ~ " as " ~ dbt.type_string() ~ ")") -%}
    {%- endfor -%}
    {{ digest }} || '-' || cast(
        row_number() over (partition by {{ digest }} order by {{ others | join(', ') if others else '1' }})
        as {{ dbt.type_string() }}
    )
{%- endmacro %}
