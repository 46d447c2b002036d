with

int_sessions as (select * from {{ ref('int_sessions') }}),

session_funnel_steps as (select * from {{ ref('int_session_funnel_steps') }}),

measured_funnel_steps as (select * from {{ ref('int_measured_funnel_steps') }}),

deepest_steps as (
    select session_id, max(step_number) as step_number
    from session_funnel_steps
    where funnel = 'purchase' and is_reached
    group by session_id
)

select
    int_sessions.session_id,
    int_sessions.visitor_id,
    int_sessions.customer_id,
    int_sessions.channel,
    int_sessions.own_channel,
    int_sessions.source,
    int_sessions.medium,
    int_sessions.campaign,
    int_sessions.content,
    int_sessions.term,
    int_sessions.platform,
    int_sessions.device_type,
    int_sessions.operating_system,
    int_sessions.browser,
    int_sessions.country,
    int_sessions.region,
    int_sessions.city,
    int_sessions.landing_page,
    int_sessions.exit_page,
    int_sessions.intent,
    measured_funnel_steps.step_name as deepest_step,
    int_sessions.visitor_session_number,
    int_sessions.events,
    int_sessions.page_views,
    int_sessions.interactions,
    int_sessions.duration_seconds,
    {{ rounded_ratio('int_sessions.duration_seconds', 'int_sessions.page_views') }} as seconds_per_page,
    int_sessions.orders,
    int_sessions.net_revenue,
    int_sessions.is_bounce,
    int_sessions.is_engaged,
    int_sessions.is_new_visitor,
    int_sessions.is_identified,
    int_sessions.is_continuation,
    int_sessions.is_bot,
    int_sessions.is_derived,
    int_sessions.is_cut,
    int_sessions.session_date,
    int_sessions.session_month,
    int_sessions.started_at,
    int_sessions.ended_at
from int_sessions
left join deepest_steps on deepest_steps.session_id = int_sessions.session_id
left join measured_funnel_steps
    on measured_funnel_steps.funnel = 'purchase'
    and measured_funnel_steps.step_number = deepest_steps.step_number
