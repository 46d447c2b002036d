with

sessions as (
    select * from {{ ref('int_sessions') }}
),

session_funnel_steps as (
    select * from {{ ref('int_session_funnel_steps') }}
),

measured_funnel_steps as (
    select * from {{ ref('int_measured_funnel_steps') }}
),

deepest_steps as (
    select session_id, max(step_number) as step_number
    from session_funnel_steps
    where funnel = 'purchase' and is_reached
    group by session_id
)

select
    sessions.session_id,
    sessions.visitor_id,
    sessions.customer_id,
    sessions.channel,
    sessions.own_channel,
    sessions.source,
    sessions.medium,
    sessions.campaign,
    sessions.content,
    sessions.term,
    sessions.platform,
    sessions.device_type,
    sessions.operating_system,
    sessions.browser,
    sessions.country,
    sessions.region,
    sessions.city,
    sessions.landing_page,
    sessions.exit_page,
    sessions.intent,
    measured_funnel_steps.step_name as deepest_step,
    sessions.visitor_session_number,
    sessions.events,
    sessions.page_views,
    sessions.interactions,
    sessions.duration_seconds,
    {{ rounded_ratio('sessions.duration_seconds', 'sessions.page_views') }} as seconds_per_page,
    sessions.orders,
    sessions.net_revenue,
    sessions.is_bounce,
    sessions.is_engaged,
    sessions.is_new_visitor,
    sessions.is_identified,
    sessions.is_bot,
    sessions.is_derived,
    sessions.is_cut,
    sessions.session_date,
    sessions.session_month,
    sessions.started_at,
    sessions.ended_at
from sessions
left join deepest_steps on deepest_steps.session_id = sessions.session_id
left join measured_funnel_steps
    on measured_funnel_steps.funnel = 'purchase'
    and measured_funnel_steps.step_number = deepest_steps.step_number
