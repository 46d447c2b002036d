with

base_experiment_assignments as (select * from {{ ref('base_experiment_assignments') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_experiment_assignments.experiment_id,
    base_experiment_assignments.unit_id,
    base_experiment_assignments.assigned_at,
    base_experiment_assignments.variant
from base_experiment_assignments
cross join stg_run_period
where
    base_experiment_assignments.is_current
    and base_experiment_assignments.assigned_at < stg_run_period.as_of_end_at
