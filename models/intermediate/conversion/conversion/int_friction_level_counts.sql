with

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

friction_rules as (select * from {{ ref('friction_rules') }})

select
    friction_exposures.factor,
    friction_exposures.level,
    friction_exposures.level_number,
    cast(sum(friction_exposures.exposures) as bigint) as exposures,
    count(distinct friction_exposures.session_id) as sessions,
    cast(sum(friction_exposures.next_steps) as bigint) as next_steps,
    cast(sum(friction_exposures.exits) as bigint) as exits,
    sum(friction_exposures.exposures) >= max(friction_rules.min_exposures) as is_comparable,
    friction_exposures.session_month as month
from friction_exposures
inner join friction_rules on friction_rules.factor = friction_exposures.factor
group by
    friction_exposures.factor,
    friction_exposures.level,
    friction_exposures.level_number,
    friction_exposures.session_month
