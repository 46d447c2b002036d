{# Rows that share a key, and, unless nullable, rows whose key has a null part. A part is a column or an expression. #}
{% test unique_key(model, columns, nullable=false) %}

with

keys as (
    select
        {%- for column in columns %}
        {{ column }} as key_part_{{ loop.index }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ model }}
),

counted_keys as (
    select
        {%- for column in columns %}
        key_part_{{ loop.index }},
        {%- endfor %}
        count(*) as occurrences
    from keys
    group by {% for column in columns %}key_part_{{ loop.index }}{{ ", " if not loop.last }}{% endfor %}
)

select *
from counted_keys
where
    occurrences > 1
    {%- if not nullable %}
    {%- for column in columns %}
    or key_part_{{ loop.index }} is null
    {%- endfor %}
    {%- endif %}

{% endtest %}
