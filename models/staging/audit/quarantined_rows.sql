with

run_period as (
    select * from {{ ref('stg_run_period') }}
),

late_orders as (
    select base_orders.order_id
    from {{ ref('base_orders') }} as base_orders
    cross join run_period
    where base_orders.is_current and {{ lies_after_as_of('base_orders.ordered_at') }}
),
{% for table_name, table in staged_tables().items() if table %}
{%- set base = 'base_' ~ table_name %}
late_rows_of_{{ table_name }} as (
    select
        {{ base }}.row_key,
        {{ base }}.row_digest,
        {{ first_of(late_cases(base, table)) }} as rejection_reason,
        {{ event_moment(base, table) }} as event_at
    from {{ ref(base) }} as {{ base }}
    cross join run_period
    {%- if table.of_order %}
    left join late_orders on late_orders.order_id = {{ base }}.order_id
    {%- endif %}
    where {{ base }}.is_current
),
{% endfor %}
-- Base models keep the content of rejected rows only. A late row is found again by its digest; copies of it, which
-- share the digest, are the same row.
quarantined as (
    {%- for table_name, table in staged_tables().items() %}
    {%- set base = 'base_' ~ table_name %}
    select
        '{{ table_name }}' as table_name,
        {{ base }}.row_key,
        {{ base }}.rejection_reason,
        {{ base }}.raw_row,
        {{ event_moment(base, table) }} as event_at
    from {{ ref(base) }} as {{ base }}
    where {{ base }}.rejection_reason is not null
    {%- if table %}
    union all
    select
        '{{ table_name }}' as table_name,
        late_rows.row_key,
        late_rows.rejection_reason,
        min({{ redacted_url(row_as_json('source_rows.source_row')) }}) as raw_row,
        late_rows.event_at
    from late_rows_of_{{ table_name }} as late_rows
    inner join {{ ref('source_' ~ table_name) }} as source_rows
        on {{ row_digest('source_rows.source_row') }} = late_rows.row_digest
    where late_rows.rejection_reason is not null
    group by late_rows.row_key, late_rows.row_digest, late_rows.rejection_reason, late_rows.event_at
    {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    quarantined.table_name,
    quarantined.row_key,
    quarantined.rejection_reason,
    quarantined.raw_row,
    quarantined.event_at
from quarantined
