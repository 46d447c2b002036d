with

{% for table_name in staged_tables() -%}
{{ table_name }}_counts as (
    select 'rows_in' as outcome, count(*) as row_count from {{ ref('source_' ~ table_name) }}
    union all
    select 'staged' as outcome, count(*) as row_count from {{ ref('stg_' ~ table_name) }}
    union all
    select 'duplicates' as outcome, count(*) as row_count from {{ ref('base_' ~ table_name) }}
    where rejection_reason is null and not is_current
    union all
    select 'flagged' as outcome, count(*) as row_count from {{ ref('base_' ~ table_name) }}
    where is_current and cast_flags is not null
),

{% endfor -%}
row_counts as (
    {%- for table_name in staged_tables() %}
    select '{{ table_name }}' as table_name, outcome, row_count from {{ table_name }}_counts
    union all
    {%- endfor %}
    select table_name, 'quarantined' as outcome, count(*) as row_count
    from {{ ref('quarantined_rows') }}
    group by table_name
)

select
    table_name,
    {%- for outcome in ['rows_in', 'staged', 'duplicates', 'quarantined', 'flagged'] %}
    cast(sum(case when outcome = '{{ outcome }}' then row_count else 0 end) as bigint) as {{ outcome }}
    {{- "," if not loop.last }}
    {%- endfor %}
from row_counts
group by table_name
