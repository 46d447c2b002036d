with

experiment_differences as (select * from {{ ref('int_experiment_differences') }}),

experiment_conclusions as (select * from {{ ref('int_experiment_conclusions') }}),

experiment_arms as (select * from {{ ref('int_experiment_arms') }}),

experiments as (select * from {{ ref('int_experiments') }}),

experiment_units as (select * from {{ ref('int_experiment_units') }}),

experiment_findings as (select * from {{ ref('experiment_findings') }}),

exclusions as (
    select
        experiment_id,
        count(*) as excluded_units
    from experiment_units
    where is_excluded
    group by experiment_id
)

select
    experiment_differences.experiment_id,
    experiment_differences.variant,
    experiment_differences.metric,
    experiments.unit_type,
    experiments.campaign_id,
    experiment_differences.control_variant,
    experiment_findings.verdict,
    experiment_conclusions.finding,
    experiment_findings.label,
    experiment_findings.label_zh,
    cast(experiment_arms.planned_share as double) as planned_share,
    experiment_arms.assigned_units,
    experiment_differences.units,
    {{ zero_if_landed('exclusions.excluded_units', 'experiment_arms.assigned_units is not null') }} as excluded_units,
    experiment_arms.buyers,
    cast(experiment_differences.total as decimal(18, 2)) as numerator,
    experiment_differences.mean,
    experiment_differences.control_mean,
    experiment_differences.difference,
    experiment_differences.difference_low,
    experiment_differences.difference_high,
    experiment_differences.relative_lift,
    experiment_differences.detectable_difference,
    experiment_differences.p_value,
    experiment_differences.p_value_adjusted,
    experiment_conclusions.srm_p_value,
    experiment_arms.is_control,
    experiments.is_over,
    experiment_conclusions.has_srm,
    experiment_conclusions.has_few_buyers,
    experiments.started_at,
    experiments.ended_at
from experiment_differences
inner join experiment_conclusions
    on experiment_conclusions.experiment_id = experiment_differences.experiment_id
    and experiment_conclusions.variant = experiment_differences.variant
    and experiment_conclusions.metric = experiment_differences.metric
inner join experiment_arms
    on experiment_arms.experiment_id = experiment_differences.experiment_id
    and experiment_arms.variant = experiment_differences.variant
inner join experiments on experiments.experiment_id = experiment_differences.experiment_id
inner join experiment_findings on experiment_findings.finding = experiment_conclusions.finding
left join exclusions on exclusions.experiment_id = experiment_differences.experiment_id
