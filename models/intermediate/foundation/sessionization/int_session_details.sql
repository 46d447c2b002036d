with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_activity as (select * from {{ ref('int_session_activity') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

int_bot_user_agents as (select * from {{ ref('int_bot_user_agents') }})

select
    session_bounds.session_id,
    session_bounds.visitor_id,
    stg_sessions.device_type,
    session_activity.page_views,
    int_bot_user_agents.user_agent is not null as is_bot,
    {{ month_of(local_date('session_bounds.started_at')) }} as session_month,
    session_bounds.started_at
from session_bounds
left join session_activity on session_activity.session_id = session_bounds.session_id
left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
left join int_bot_user_agents on int_bot_user_agents.user_agent = stg_sessions.user_agent
