with

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

friction_levels as (select * from {{ ref('friction_levels') }}),

friction_rules as (select * from {{ ref('friction_rules') }})

select
    friction_exposures.factor,
    friction_levels.level,
    friction_levels.level_number,
    count(*) as exposures,
    count(distinct friction_exposures.session_id) as sessions,
    count(case when friction_exposures.is_next_step then 1 end) as next_steps,
    count(case when friction_exposures.is_exit then 1 end) as exits,
    count(*) >= max(friction_rules.min_exposures) as is_comparable,
    friction_exposures.session_month as month
from friction_exposures
inner join friction_levels
    on friction_levels.factor = friction_exposures.factor
    and friction_levels.value_from <= friction_exposures.value
    and {{ rule_holds('friction_exposures.value', '<', 'friction_levels.value_below') }}
inner join friction_rules on friction_rules.factor = friction_exposures.factor
group by
    friction_exposures.factor,
    friction_levels.level,
    friction_levels.level_number,
    friction_exposures.session_month
