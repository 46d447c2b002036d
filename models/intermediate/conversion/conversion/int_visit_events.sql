with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

int_sessions as (select * from {{ ref('int_sessions') }})

select
    event_sessions.event_id,
    event_sessions.session_id,
    event_sessions.event_type,
    case event_sessions.event_type
        when 'category_view' then 'category'
        when 'product_view' then 'product'
        when 'search' then 'search'
        else coalesce(event_sessions.page_type, 'unknown')
    end as page_type,
    event_sessions.product_id,
    stg_events.anchor_product_id,
    stg_events.content_category,
    stg_events.placement,
    stg_events.search_term,
    int_sessions.device_type,
    event_sessions.event_number,
    event_sessions.view_number,
    stg_events.quantity,
    stg_events.search_result_count,
    stg_events.page_load_ms,
    stg_events.payment_methods_offered,
    stg_events.promised_delivery_days,
    event_sessions.is_page_view,
    coalesce(event_sessions.view_number = int_sessions.page_views, false) as is_last_view,
    event_sessions.is_conversion,
    event_sessions.is_cart_addition,
    int_sessions.session_month,
    -- Whole seconds, as in the funnels: events within one second count as simultaneous.
    date_trunc('second', event_sessions.occurred_at) as occurred_at
from event_sessions
inner join int_sessions on int_sessions.session_id = event_sessions.session_id
inner join stg_events on stg_events.event_id = event_sessions.event_id
where not int_sessions.is_bot
