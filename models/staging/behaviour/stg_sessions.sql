with

base_sessions as (select * from {{ ref('base_sessions') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_sessions.session_id,
    base_sessions.visitor_id,
    base_sessions.customer_id,
    base_sessions.started_at,
    {{ if_before('base_sessions.ended_at', 'stg_run_period.as_of_end_at') }} as ended_at,
    base_sessions.platform,
    base_sessions.device_type,
    base_sessions.operating_system,
    base_sessions.browser,
    base_sessions.user_agent,
    base_sessions.referrer_url,
    base_sessions.landing_page_url,
    base_sessions.utm_source,
    base_sessions.utm_medium,
    base_sessions.utm_campaign,
    base_sessions.utm_content,
    base_sessions.utm_term,
    base_sessions.click_id,
    base_sessions.country,
    base_sessions.region,
    base_sessions.city
from base_sessions
cross join stg_run_period
where
    base_sessions.is_current
    and base_sessions.started_at < stg_run_period.as_of_end_at
