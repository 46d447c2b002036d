with

experiment_samples as (select * from {{ ref('int_experiment_samples') }}),

experiments as (select * from {{ ref('int_experiments') }}),

experiment_tests as (select * from {{ ref('int_experiment_tests') }}),

estimates as (
    select
        experiment_id,
        variant,
        metric,
        units,
        total,
        {{ rounded_ratio('total', 'units') }} as mean,
        case when metric = 'conversion_rate' then {{ wilson_low('total', 'units') }} end as rate_low,
        case when metric = 'conversion_rate' then {{ wilson_high('total', 'units') }} end as rate_high
    from experiment_samples
),

-- Multiply by the units of both arms instead of dividing, so that equal means differ by exactly 0.
compared_estimates as (
    select
        estimates.experiment_id,
        estimates.variant,
        estimates.metric,
        experiments.control_variant,
        estimates.units,
        controls.units as control_units,
        estimates.total,
        controls.total as control_total,
        estimates.mean,
        controls.mean as control_mean,
        estimates.rate_low,
        estimates.rate_high,
        controls.rate_low as control_rate_low,
        controls.rate_high as control_rate_high,
        estimates.total * cast(controls.units as decimal(12, 0))
        - controls.total * cast(estimates.units as decimal(12, 0)) as scaled_difference,
        cast(estimates.units as decimal(19, 0)) * cast(controls.units as decimal(19, 0)) as scale,
        estimates.variant = experiments.control_variant as is_control
    from estimates
    inner join experiments on experiments.experiment_id = estimates.experiment_id
    left join estimates as controls
        on controls.experiment_id = estimates.experiment_id
        and controls.metric = estimates.metric
        and controls.variant = experiments.control_variant
        and controls.variant <> estimates.variant
)

select
    compared_estimates.experiment_id,
    compared_estimates.variant,
    compared_estimates.metric,
    compared_estimates.control_variant,
    compared_estimates.units,
    compared_estimates.control_units,
    compared_estimates.total,
    compared_estimates.control_total,
    compared_estimates.mean,
    compared_estimates.control_mean,
    {{ rounded_ratio('compared_estimates.scaled_difference', 'compared_estimates.scale') }} as difference,
    case
        when compared_estimates.metric = 'conversion_rate' then {{ newcombe_low(
            'compared_estimates.mean', 'compared_estimates.rate_low', 'compared_estimates.rate_high',
            'compared_estimates.control_mean', 'compared_estimates.control_rate_low',
            'compared_estimates.control_rate_high'
        ) }}
        else experiment_tests.mean_difference_low
    end as difference_low,
    case
        when compared_estimates.metric = 'conversion_rate' then {{ newcombe_high(
            'compared_estimates.mean', 'compared_estimates.rate_low', 'compared_estimates.rate_high',
            'compared_estimates.control_mean', 'compared_estimates.control_rate_low',
            'compared_estimates.control_rate_high'
        ) }}
        else experiment_tests.mean_difference_high
    end as difference_high,
    {{ rounded_ratio(
        'compared_estimates.scaled_difference',
        'compared_estimates.control_total * cast(compared_estimates.units as decimal(12, 0))'
    ) }} as relative_lift,
    experiment_tests.detectable_difference,
    experiment_tests.p_value,
    experiment_tests.p_value_adjusted
from compared_estimates
left join experiment_tests
    on experiment_tests.experiment_id = compared_estimates.experiment_id
    and experiment_tests.variant = compared_estimates.variant
    and experiment_tests.metric = compared_estimates.metric
