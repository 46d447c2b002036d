-- All assignments of an experiment are exposures of its units. Otherwise a unit is in the wrong variant, or missing
-- from the split.
with

stg_experiment_assignments as (select * from {{ ref('stg_experiment_assignments') }}),

experiment_units as (select * from {{ ref('int_experiment_units') }}),

assigned as (
    select
        experiment_id,
        count(*) as assignments
    from stg_experiment_assignments
    group by experiment_id
),

exposed as (
    select
        experiment_id,
        cast(sum(exposures) as bigint) as exposures
    from experiment_units
    group by experiment_id
)

select
    coalesce(assigned.experiment_id, exposed.experiment_id) as experiment_id,
    assigned.assignments,
    exposed.exposures
from assigned
full outer join exposed on exposed.experiment_id = assigned.experiment_id
where coalesce(assigned.assignments, 0) <> coalesce(exposed.exposures, 0)
