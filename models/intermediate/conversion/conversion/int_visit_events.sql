with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

session_details as (select * from {{ ref('int_session_details') }}),

repeated_views as (select * from {{ ref('int_repeated_views') }}),

-- What only another tag of the page knows belongs to its one view.
page_facts as (
    select
        repeated_views.page_event_id,
        max(stg_events.content_category) as content_category,
        max(stg_events.page_load_ms) as page_load_ms
    from repeated_views
    inner join stg_events on stg_events.event_id = repeated_views.event_id
    group by repeated_views.page_event_id
)

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
    coalesce(stg_events.content_category, page_facts.content_category) as content_category,
    stg_events.placement,
    stg_events.search_term,
    session_details.device_type,
    event_sessions.event_number,
    event_sessions.view_number,
    stg_events.quantity,
    stg_events.search_result_count,
    coalesce(stg_events.page_load_ms, page_facts.page_load_ms) as page_load_ms,
    stg_events.payment_methods_offered,
    stg_events.promised_delivery_days,
    event_sessions.is_page_view,
    event_sessions.is_repeated_view,
    coalesce(event_sessions.view_number = session_details.page_views, false) as is_last_view,
    event_sessions.is_conversion,
    event_sessions.is_cart_addition,
    session_details.session_month,
    -- Whole seconds, as in the funnels: events within one second count as simultaneous.
    date_trunc('second', event_sessions.occurred_at) as occurred_at
from event_sessions
inner join session_details on session_details.session_id = event_sessions.session_id
inner join stg_events on stg_events.event_id = event_sessions.event_id
left join page_facts on page_facts.page_event_id = event_sessions.event_id
where not session_details.is_bot
