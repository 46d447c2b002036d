with

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

recent_exposures as (
    select
        attention_rules.rule,
        friction_exposures.level,
        friction_exposures.level_number,
        friction_exposures.session_id,
        friction_exposures.exposures,
        friction_exposures.next_steps,
        int_sessions.net_revenue
    from friction_exposures
    inner join attention_rules
        on attention_rules.watches = friction_exposures.factor
        and attention_rules.kind = 'friction'
    inner join int_sessions on int_sessions.session_id = friction_exposures.session_id
    cross join stg_run_period
    where {{ days_between('int_sessions.session_date', 'stg_run_period.as_of_date') }} < attention_rules.window_days
),

level_counts as (
    select
        rule,
        level,
        level_number,
        cast(sum(exposures) as bigint) as exposures,
        cast(sum(next_steps) as bigint) as next_steps
    from recent_exposures
    group by rule, level, level_number
),

-- Revenue that depends on the step: that of the sessions that took it, counted once for any number of exposures.
continued_sessions as (
    select distinct rule, session_id, net_revenue from recent_exposures where next_steps > 0
),

step_revenues as (
    select rule, sum(net_revenue) as revenue from continued_sessions group by rule
)

-- A level with few exposures is not compared, and cannot be the best. Inner join: a rule whose next step was
-- never taken has no revenue that depends on it.
select
    level_counts.rule,
    level_counts.level,
    level_counts.level_number,
    level_counts.exposures,
    level_counts.next_steps,
    cast(sum(level_counts.next_steps) over (partition by level_counts.rule) as bigint) as rule_next_steps,
    {{ money('coalesce(step_revenues.revenue, 0)') }} as rule_revenue,
    {{ rounded_ratio('level_counts.next_steps', 'level_counts.exposures') }} as rate,
    level_counts.exposures >= attention_rules.min_base as is_comparable
from level_counts
inner join step_revenues on step_revenues.rule = level_counts.rule
inner join attention_rules on attention_rules.rule = level_counts.rule
