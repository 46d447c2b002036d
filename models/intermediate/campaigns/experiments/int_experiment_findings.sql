with

differences as (
    select * from {{ ref('int_experiment_differences') }}
),

arms as (
    select * from {{ ref('int_experiment_arms') }}
),

experiments as (
    select * from {{ ref('int_experiments') }}
),

splits as (
    select * from {{ ref('int_experiment_splits') }}
),

experiment_rules as (
    select * from {{ ref('experiment_rules') }}
)

-- The first finding that applies: nothing is said of an experiment before its end, and nothing of one that is broken.
select
    differences.experiment_id,
    differences.variant,
    differences.metric,
    case
        when not experiments.is_over then 'not_over'
        when experiments.design_fault is not null then experiments.design_fault
        when splits.srm_p_value < experiment_rules.srm_significance then 'sample_ratio_mismatch'
        when arms.buyers is null then 'outcomes_unknown'
        when arms.is_control then 'control'
        when differences.p_value_adjusted < experiment_rules.significance and differences.difference > 0 then 'gain'
        when differences.p_value_adjusted < experiment_rules.significance then 'loss'
        when
            differences.detectable_difference
            <= cast(experiment_rules.smallest_relative_lift as double) * differences.control_mean
            then 'no_difference_that_matters'
        else 'too_few_units'
    end as finding,
    splits.srm_p_value,
    coalesce(splits.srm_p_value < experiment_rules.srm_significance, false) as has_srm,
    case
        when control_arms.buyers is not null
            then least(arms.buyers, control_arms.buyers) < experiment_rules.min_buyers
    end as has_few_buyers
from differences
cross join experiment_rules
inner join experiments on experiments.experiment_id = differences.experiment_id
inner join splits on splits.experiment_id = differences.experiment_id
inner join arms
    on arms.experiment_id = differences.experiment_id
    and arms.variant = differences.variant
left join arms as control_arms
    on control_arms.experiment_id = differences.experiment_id
    and control_arms.variant = experiments.control_variant
