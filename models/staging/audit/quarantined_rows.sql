{%- set relations = {
    'customers': {'source': ref('source_customers'), 'base': ref('base_customers')},
    'products': {'source': ref('source_products'), 'base': ref('base_products')},
    'inventory_snapshots': {'source': ref('source_inventory_snapshots'), 'base': ref('base_inventory_snapshots')},
    'competitor_prices': {'source': ref('source_competitor_prices'), 'base': ref('base_competitor_prices')},
    'orders': {'source': ref('source_orders'), 'base': ref('base_orders')},
    'order_items': {'source': ref('source_order_items'), 'base': ref('base_order_items')},
    'order_discounts': {'source': ref('source_order_discounts'), 'base': ref('base_order_discounts')},
    'payments': {'source': ref('source_payments'), 'base': ref('base_payments')},
    'refunds': {'source': ref('source_refunds'), 'base': ref('base_refunds')},
    'shipments': {'source': ref('source_shipments'), 'base': ref('base_shipments')},
    'exchange_rates': {'source': ref('source_exchange_rates'), 'base': ref('base_exchange_rates')},
    'sessions': {'source': ref('source_sessions'), 'base': ref('base_sessions')},
    'events': {'source': ref('source_events'), 'base': ref('base_events')},
    'marketing_spend': {'source': ref('source_marketing_spend'), 'base': ref('base_marketing_spend')},
    'campaigns': {'source': ref('source_campaigns'), 'base': ref('base_campaigns')},
    'messages': {'source': ref('source_messages'), 'base': ref('base_messages')},
    'promotions': {'source': ref('source_promotions'), 'base': ref('base_promotions')},
    'experiment_variants': {'source': ref('source_experiment_variants'), 'base': ref('base_experiment_variants')},
    'experiment_assignments': {
        'source': ref('source_experiment_assignments'),
        'base': ref('base_experiment_assignments')
    },
    'reviews': {'source': ref('source_reviews'), 'base': ref('base_reviews')},
    'survey_responses': {'source': ref('source_survey_responses'), 'base': ref('base_survey_responses')},
    'support_tickets': {'source': ref('source_support_tickets'), 'base': ref('base_support_tickets')}
} -%}
with

stg_run_period as (select * from {{ ref('stg_run_period') }}),

late_orders as (
    select base_orders.order_id
    from {{ ref('base_orders') }} as base_orders
    cross join stg_run_period
    where base_orders.is_current and base_orders.ordered_at >= stg_run_period.as_of_end_at
),
{% for table_name, table in staged_tables().items() %}
{%- set base = 'base_' ~ table_name %}
rows_without_content_of_{{ table_name }} as (
    select
        {{ row_key(table_name, base) }} as row_key,
        {{ base }}.row_digest,
        {{ first_of([[base ~ '.rejection_reason', 'not ' ~ base ~ '.is_current']]
            + late_cases(base, table, 'stg_run_period', 'late_orders')) }} as rejection_reason,
        {{ event_moment(base, table) }} as event_at
    from {{ relations[table_name].base }} as {{ base }}
    cross join stg_run_period
    {%- if table.of_order %}
    left join late_orders on late_orders.order_id = {{ base }}.order_id
    {%- endif %}
    where {{ base }}.is_current or ({{ base }}.rejection_reason is not null and {{ base }}.raw_row is null)
),

-- Copies have the same digest and the same content.
contents_of_{{ table_name }} as (
    select
        rows_without_content.row_digest,
        min({{ redacted_url(row_as_json('source_rows.source_row')) }}) as raw_row
    from rows_without_content_of_{{ table_name }} as rows_without_content
    inner join {{ relations[table_name].source }} as source_rows
        on {{ row_digest('source_rows.source_row') }} = rows_without_content.row_digest
    where rows_without_content.rejection_reason is not null
    group by rows_without_content.row_digest
),
{% endfor %}
-- Base models keep the content of rows that a check rejects; rows that wait or are deleted find it by their digest.
quarantined as (
    {%- for table_name, table in staged_tables().items() %}
    {%- set base = 'base_' ~ table_name %}
    select
        '{{ table_name }}' as table_name,
        {{ row_key(table_name, base) }} as row_key,
        {{ base }}.rejection_reason,
        {{ base }}.raw_row,
        {{ event_moment(base, table) }} as event_at
    from {{ relations[table_name].base }} as {{ base }}
    where {{ base }}.rejection_reason is not null and {{ base }}.raw_row is not null
    union all
    select
        '{{ table_name }}' as table_name,
        rows_without_content.row_key,
        rows_without_content.rejection_reason,
        contents.raw_row,
        rows_without_content.event_at
    from rows_without_content_of_{{ table_name }} as rows_without_content
    inner join contents_of_{{ table_name }} as contents on contents.row_digest = rows_without_content.row_digest
    where rows_without_content.rejection_reason is not null
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
