{%- set relations = {
    'customers': {'source': ref('source_customers'), 'base': ref('base_customers'), 'staged': ref('stg_customers')},
    'products': {'source': ref('source_products'), 'base': ref('base_products'), 'staged': ref('stg_products')},
    'inventory_snapshots': {
        'source': ref('source_inventory_snapshots'),
        'base': ref('base_inventory_snapshots'),
        'staged': ref('stg_inventory_snapshots')
    },
    'competitor_prices': {
        'source': ref('source_competitor_prices'),
        'base': ref('base_competitor_prices'),
        'staged': ref('stg_competitor_prices')
    },
    'orders': {'source': ref('source_orders'), 'base': ref('base_orders'), 'staged': ref('stg_orders')},
    'order_items': {
        'source': ref('source_order_items'),
        'base': ref('base_order_items'),
        'staged': ref('stg_order_items')
    },
    'order_discounts': {
        'source': ref('source_order_discounts'),
        'base': ref('base_order_discounts'),
        'staged': ref('stg_order_discounts')
    },
    'payments': {'source': ref('source_payments'), 'base': ref('base_payments'), 'staged': ref('stg_payments')},
    'refunds': {'source': ref('source_refunds'), 'base': ref('base_refunds'), 'staged': ref('stg_refunds')},
    'shipments': {'source': ref('source_shipments'), 'base': ref('base_shipments'), 'staged': ref('stg_shipments')},
    'exchange_rates': {
        'source': ref('source_exchange_rates'),
        'base': ref('base_exchange_rates'),
        'staged': ref('stg_exchange_rates')
    },
    'sessions': {'source': ref('source_sessions'), 'base': ref('base_sessions'), 'staged': ref('stg_sessions')},
    'events': {'source': ref('source_events'), 'base': ref('base_events'), 'staged': ref('stg_events')},
    'marketing_spend': {
        'source': ref('source_marketing_spend'),
        'base': ref('base_marketing_spend'),
        'staged': ref('stg_marketing_spend')
    },
    'campaigns': {'source': ref('source_campaigns'), 'base': ref('base_campaigns'), 'staged': ref('stg_campaigns')},
    'messages': {'source': ref('source_messages'), 'base': ref('base_messages'), 'staged': ref('stg_messages')},
    'promotions': {'source': ref('source_promotions'), 'base': ref('base_promotions'), 'staged': ref('stg_promotions')},
    'experiment_variants': {
        'source': ref('source_experiment_variants'),
        'base': ref('base_experiment_variants'),
        'staged': ref('stg_experiment_variants')
    },
    'experiment_assignments': {
        'source': ref('source_experiment_assignments'),
        'base': ref('base_experiment_assignments'),
        'staged': ref('stg_experiment_assignments')
    },
    'reviews': {'source': ref('source_reviews'), 'base': ref('base_reviews'), 'staged': ref('stg_reviews')},
    'survey_responses': {
        'source': ref('source_survey_responses'),
        'base': ref('base_survey_responses'),
        'staged': ref('stg_survey_responses')
    },
    'support_tickets': {
        'source': ref('source_support_tickets'),
        'base': ref('base_support_tickets'),
        'staged': ref('stg_support_tickets')
    }
} -%}
with

{% for table_name, relation in relations.items() -%}
{{ table_name }}_counts as (
    select 'rows_in' as outcome, count(*) as row_count from {{ relation.source }}
    union all
    select 'staged' as outcome, count(*) as row_count from {{ relation.staged }}
    union all
    select 'duplicates' as outcome, count(*) as row_count from {{ relation.base }}
    where rejection_reason is null and not is_current
    union all
    select 'flagged' as outcome, count(*) as row_count from {{ relation.base }}
    where is_current and cast_flags is not null
),

{% endfor -%}
row_counts as (
    {%- for table_name in relations %}
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
