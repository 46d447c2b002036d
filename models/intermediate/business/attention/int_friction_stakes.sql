with

friction_meetings as (
    select * from {{ ref('int_friction_meetings') }}
),

session_orders as (
    select * from {{ ref('int_session_orders') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

levels as (
    select
        rule,
        level,
        level_number,
        cast(sum(meetings) as bigint) as meetings,
        cast(sum(next_steps) as bigint) as next_steps
    from friction_meetings
    group by rule, level, level_number
),

-- What hangs on the step at all: the revenue of the visits that took it.
going_sessions as (
    select distinct rule, session_id from friction_meetings where next_steps > 0
),

step_revenues as (
    select
        going_sessions.rule,
        {{ money('coalesce(sum(session_orders.net_revenue), 0)') }} as revenue
    from going_sessions
    left join session_orders on session_orders.session_id = going_sessions.session_id
    group by going_sessions.rule
)

-- Only a level met often enough says anything, or can be the best.
select
    levels.rule,
    levels.level,
    levels.level_number,
    levels.meetings,
    cast(sum(levels.next_steps) over (partition by levels.rule) as bigint) as rule_next_steps,
    step_revenues.revenue as rule_revenue,
    {{ rounded_ratio('levels.next_steps', 'levels.meetings') }} as rate,
    {{ wilson_low('levels.next_steps', 'levels.meetings') }} as rate_low,
    {{ wilson_high('levels.next_steps', 'levels.meetings') }} as rate_high,
    levels.meetings >= attention_rules.min_base as is_comparable
from levels
inner join step_revenues on step_revenues.rule = levels.rule
inner join attention_rules on attention_rules.rule = levels.rule
