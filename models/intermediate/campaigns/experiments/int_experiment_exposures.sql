with

stg_experiment_assignments as (select * from {{ ref('stg_experiment_assignments') }}),

stg_experiment_variants as (select * from {{ ref('stg_experiment_variants') }}),

experiments as (select * from {{ ref('int_experiments') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

known_assignments as (
    select
        stg_experiment_assignments.experiment_id,
        stg_experiment_assignments.unit_id as assigned_unit_id,
        case when experiments.unit_type = 'customer' then stg_experiment_assignments.unit_id end as account_id,
        experiments.unit_type,
        stg_experiment_assignments.variant,
        experiments.experiment_id is not null as is_known_experiment,
        coalesce(stg_experiment_assignments.assigned_at < experiments.started_at, false) as is_before_start,
        coalesce(stg_experiment_assignments.assigned_at >= experiments.ended_at, false) as is_after_end,
        stg_experiment_assignments.assigned_at
    from stg_experiment_assignments
    left join experiments on experiments.experiment_id = stg_experiment_assignments.experiment_id
),

-- Merged accounts are one unit, which has seen the variants of all its accounts.
unit_exposures as (
    select
        known_assignments.experiment_id,
        known_assignments.assigned_unit_id,
        coalesce(customer_merges.customer_id, known_assignments.assigned_unit_id) as unit_id,
        known_assignments.unit_type,
        known_assignments.variant,
        known_assignments.is_known_experiment,
        stg_experiment_variants.variant is not null as is_known_variant,
        known_assignments.is_before_start,
        known_assignments.is_after_end,
        known_assignments.assigned_at
    from known_assignments
    left join stg_experiment_variants
        on stg_experiment_variants.experiment_id = known_assignments.experiment_id
        and stg_experiment_variants.variant = known_assignments.variant
    left join customer_merges on customer_merges.account_id = known_assignments.account_id
)

-- Merged accounts can be exposed at the same time, so ties are ordered by variant, then by account.
select
    experiment_id,
    assigned_unit_id,
    unit_id,
    unit_type,
    variant,
    row_number() over (
        partition by experiment_id, unit_id order by assigned_at, variant, assigned_unit_id
    ) as exposure_number,
    is_known_experiment,
    is_known_variant,
    is_before_start,
    is_after_end,
    assigned_at
from unit_exposures
