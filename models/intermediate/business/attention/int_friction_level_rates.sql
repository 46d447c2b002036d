with

friction_level_sessions as (
    select * from {{ ref('int_friction_level_sessions') }}
),

sessions as (
    select * from {{ ref('int_sessions') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

levels as (
    select
        rule,
        level,
        level_number,
        cast(sum(exposures) as bigint) as exposures,
        cast(sum(next_steps) as bigint) as next_steps
    from friction_level_sessions
    group by rule, level, level_number
),

-- The revenue that depends on the step: that of the sessions that took it, whatever levels they met.
continued_sessions as (
    select distinct rule, session_id from friction_level_sessions where next_steps > 0
),

step_revenues as (
    select
        continued_sessions.rule,
        {{ money('coalesce(sum(sessions.net_revenue), 0)') }} as revenue
    from continued_sessions
    left join sessions on sessions.session_id = continued_sessions.session_id
    group by continued_sessions.rule
)

-- A level with few exposures is not compared, and cannot be the best.
select
    levels.rule,
    levels.level,
    levels.level_number,
    levels.exposures,
    cast(sum(levels.next_steps) over (partition by levels.rule) as bigint) as rule_next_steps,
    step_revenues.revenue as rule_revenue,
    {{ rounded_ratio('levels.next_steps', 'levels.exposures') }} as rate,
    {{ wilson_low('levels.next_steps', 'levels.exposures') }} as rate_low,
    {{ wilson_high('levels.next_steps', 'levels.exposures') }} as rate_high,
    levels.exposures >= attention_rules.min_base as is_comparable
from levels
inner join step_revenues on step_revenues.rule = levels.rule
inner join attention_rules on attention_rules.rule = levels.rule
