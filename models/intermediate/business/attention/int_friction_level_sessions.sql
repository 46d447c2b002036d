with

friction_exposures as (
    select * from {{ ref('int_friction_exposures') }}
),

friction_levels as (
    select * from {{ ref('friction_levels') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

sessions as (
    select * from {{ ref('int_sessions') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
)

select
    attention_rules.rule,
    friction_levels.level,
    friction_levels.level_number,
    friction_exposures.session_id,
    count(*) as exposures,
    count(case when friction_exposures.is_next_step then 1 end) as next_steps
from friction_exposures
inner join attention_rules
    on attention_rules.watches = friction_exposures.factor
    and attention_rules.kind = 'friction'
inner join friction_levels
    on friction_levels.factor = friction_exposures.factor
    and friction_levels.value_from <= friction_exposures.value
    and {{ rule_holds('friction_exposures.value', '<', 'friction_levels.value_below') }}
inner join sessions on sessions.session_id = friction_exposures.session_id
cross join run_period
where {{ days_between('sessions.session_date', 'run_period.as_of_date') }} < attention_rules.window_days
group by attention_rules.rule, friction_levels.level, friction_levels.level_number, friction_exposures.session_id
