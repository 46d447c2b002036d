with

differences as (
    select * from {{ ref('int_experiment_differences') }}
),

findings as (
    select * from {{ ref('int_experiment_findings') }}
),

arms as (
    select * from {{ ref('int_experiment_arms') }}
),

experiments as (
    select * from {{ ref('int_experiments') }}
),

experiment_units as (
    select * from {{ ref('int_experiment_units') }}
),

finding_names as (
    select * from {{ ref('experiment_findings') }}
),

exclusions as (
    select
        experiment_id,
        count(*) as excluded_units
    from experiment_units
    where is_excluded
    group by experiment_id
)

select
    differences.experiment_id,
    differences.variant,
    differences.metric,
    experiments.unit_type,
    experiments.campaign_id,
    differences.control_variant,
    finding_names.verdict,
    findings.finding,
    finding_names.label,
    finding_names.label_zh,
    cast(arms.planned_share as double) as planned_share,
    arms.assigned_units,
    differences.units,
    coalesce(exclusions.excluded_units, 0) as excluded_units,
    arms.buyers,
    cast(differences.total as decimal(18, 2)) as numerator,
    differences.mean,
    differences.control_mean,
    differences.difference,
    differences.difference_low,
    differences.difference_high,
    differences.relative_lift,
    differences.detectable_difference,
    differences.p_value,
    differences.p_value_adjusted,
    findings.srm_p_value,
    arms.is_control,
    experiments.is_over,
    findings.has_srm,
    findings.has_few_buyers,
    experiments.started_at,
    experiments.ended_at
from differences
inner join findings
    on findings.experiment_id = differences.experiment_id
    and findings.variant = differences.variant
    and findings.metric = differences.metric
inner join arms
    on arms.experiment_id = differences.experiment_id
    and arms.variant = differences.variant
inner join experiments on experiments.experiment_id = differences.experiment_id
inner join finding_names on finding_names.finding = findings.finding
left join exclusions on exclusions.experiment_id = differences.experiment_id
