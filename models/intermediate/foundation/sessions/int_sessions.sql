with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_details as (select * from {{ ref('int_session_details') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

session_customers as (select * from {{ ref('int_session_customers') }}),

session_arrivals as (select * from {{ ref('int_session_arrivals') }}),

session_continuations as (select * from {{ ref('int_session_continuations') }}),

session_channels as (select * from {{ ref('int_session_channels') }}),

session_pages as (select * from {{ ref('int_session_pages') }}),

session_engagement as (select * from {{ ref('int_session_engagement') }})

select
    session_bounds.session_id,
    session_bounds.visitor_id,
    session_customers.customer_id,
    coalesce(session_customers.customer_id, 'visitor:' || session_bounds.visitor_id) as person_id,
    session_channels.arrival_session_id,
    session_channels.own_channel,
    session_channels.channel,
    case when session_continuations.session_id is null then session_arrivals.source else '(direct)' end as source,
    case when session_continuations.session_id is null then session_arrivals.medium else '(none)' end as medium,
    case when session_continuations.session_id is null then session_arrivals.campaign else '(not set)' end as campaign,
    session_arrivals.content,
    session_arrivals.term,
    stg_sessions.platform,
    session_details.device_type,
    stg_sessions.operating_system,
    stg_sessions.browser,
    stg_sessions.country,
    stg_sessions.region,
    stg_sessions.city,
    session_pages.landing_page,
    session_pages.exit_page,
    session_engagement.intent,
    session_bounds.visitor_session_number,
    session_engagement.events,
    session_engagement.page_views,
    session_engagement.interactions,
    session_engagement.duration_seconds,
    session_engagement.orders,
    session_engagement.net_revenue,
    session_engagement.is_bounce,
    session_engagement.is_engaged,
    session_bounds.visitor_session_number = 1 as is_new_visitor,
    coalesce(session_customers.is_identified, false) as is_identified,
    session_channels.is_continuation,
    session_details.is_bot,
    session_bounds.is_derived,
    session_bounds.is_cut,
    {{ local_date('session_bounds.started_at') }} as session_date,
    session_details.session_month,
    session_bounds.started_at,
    session_bounds.ended_at
from session_bounds
inner join session_details on session_details.session_id = session_bounds.session_id
inner join session_arrivals on session_arrivals.session_id = session_bounds.session_id
left join session_continuations on session_continuations.session_id = session_bounds.session_id
inner join session_channels on session_channels.session_id = session_bounds.session_id
inner join session_pages on session_pages.session_id = session_bounds.session_id
inner join session_engagement on session_engagement.session_id = session_bounds.session_id
left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
left join session_customers on session_customers.session_id = session_bounds.session_id
