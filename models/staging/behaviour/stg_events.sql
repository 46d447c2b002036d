with

base_events as (select * from {{ ref('base_events') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_events.event_id,
    base_events.session_id,
    base_events.visitor_id,
    base_events.customer_id,
    base_events.event_type,
    base_events.occurred_at,
    base_events.received_at,
    base_events.page_type,
    base_events.page_url,
    base_events.product_id,
    base_events.order_id,
    base_events.quantity,
    base_events.search_term,
    base_events.search_result_count,
    base_events.sort_order,
    base_events.content_category,
    base_events.page_load_ms,
    base_events.payment_methods_offered,
    base_events.promised_delivery_days,
    base_events.placement,
    base_events.anchor_product_id
from base_events
cross join stg_run_period
where
    base_events.is_current
    and base_events.occurred_at < stg_run_period.as_of_end_at
