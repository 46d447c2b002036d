-- Every exposure is at exactly one level. A gap or an overlap in friction_levels would lose exposures or count them
-- twice.
with

friction_factors as (select * from {{ ref('friction_factors') }}),

friction_exposures as (select * from {{ ref('int_friction_exposures') }}),

level_totals as (
    select
        factor,
        sum(exposures) as exposures,
        sum(next_steps) as next_steps
    from friction_factors
    group by factor
),

exposure_totals as (
    select
        factor,
        count(*) as exposures,
        count(case when is_next_step then 1 end) as next_steps
    from friction_exposures
    group by factor
)

select
    exposure_totals.factor,
    exposure_totals.exposures,
    level_totals.exposures as exposures_at_levels
from exposure_totals
left join level_totals on level_totals.factor = exposure_totals.factor
where
    level_totals.exposures is distinct from exposure_totals.exposures
    or level_totals.next_steps is distinct from exposure_totals.next_steps
