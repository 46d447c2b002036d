-- A factor without levels would be missing from friction_factors; levels without a factor would never be used.
with

friction_rules as (select * from {{ ref('friction_rules') }}),

friction_levels as (select * from {{ ref('friction_levels') }})

select
    friction_rules.factor,
    friction_levels.factor as factor_of_levels,
    friction_rules.min_exposures
from friction_rules
full outer join friction_levels on friction_levels.factor = friction_rules.factor
where
    friction_rules.factor is null
    or friction_levels.factor is null
    or friction_rules.min_exposures is null
    or friction_rules.min_exposures < 1
