with

experiment_differences as (select * from {{ ref('int_experiment_differences') }}),

experiment_arms as (select * from {{ ref('int_experiment_arms') }}),

experiments as (select * from {{ ref('int_experiments') }}),

experiment_splits as (select * from {{ ref('int_experiment_splits') }}),

experiment_rules as (select * from {{ ref('experiment_rules') }})

-- Take the first finding that applies. An experiment that is not over or not valid has no result.
select
    experiment_differences.experiment_id,
    experiment_differences.variant,
    experiment_differences.metric,
    case
        when not experiments.is_over then 'not_over'
        when experiments.design_fault is not null then experiments.design_fault
        when experiment_splits.srm_p_value < experiment_rules.srm_significance then 'sample_ratio_mismatch'
        when experiment_arms.buyers is null then 'outcomes_unknown'
        when experiment_arms.is_control then 'control'
        when
            experiment_differences.p_value_adjusted < experiment_rules.significance
            and experiment_differences.difference > 0
            then 'gain'
        when experiment_differences.p_value_adjusted < experiment_rules.significance then 'loss'
        when
            experiment_differences.detectable_difference
            <= cast(experiment_rules.smallest_relative_lift as double) * experiment_differences.control_mean
            then 'no_difference_that_matters'
        else 'too_few_units'
    end as finding,
    experiment_splits.srm_p_value,
    case
        when experiment_arms.assigned_units is not null
            then coalesce(experiment_splits.srm_p_value < experiment_rules.srm_significance, false)
    end as has_srm,
    case
        when control_arms.buyers is not null
            then least(experiment_arms.buyers, control_arms.buyers) < experiment_rules.min_buyers
    end as has_few_buyers
from experiment_differences
cross join experiment_rules
inner join experiments on experiments.experiment_id = experiment_differences.experiment_id
inner join experiment_splits on experiment_splits.experiment_id = experiment_differences.experiment_id
inner join experiment_arms
    on experiment_arms.experiment_id = experiment_differences.experiment_id
    and experiment_arms.variant = experiment_differences.variant
left join experiment_arms as control_arms
    on control_arms.experiment_id = experiment_differences.experiment_id
    and control_arms.variant = experiments.control_variant
