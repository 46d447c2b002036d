with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

bot_user_agents as (select * from {{ ref('bot_user_agents') }}),

user_agents as (
    select distinct user_agent from stg_sessions where user_agent is not null
)

select distinct user_agents.user_agent
from user_agents
inner join bot_user_agents
    on contains(lower(user_agents.user_agent), bot_user_agents.token)
    and not coalesce(contains(lower(user_agents.user_agent), bot_user_agents.unless_token), false)
