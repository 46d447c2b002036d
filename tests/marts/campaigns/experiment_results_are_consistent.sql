-- A difference must lie in its interval, adjustment must not make a p-value smaller, and no experiment may be decided
-- before its end or with a broken split. Otherwise a variant that did not win could be shipped.
with

experiment_results as (select * from {{ ref('experiment_results') }})

select
    experiment_id,
    variant,
    metric,
    difference,
    difference_low,
    difference_high,
    p_value,
    p_value_adjusted,
    verdict
from experiment_results
where
    difference < difference_low - 1e-9 * abs(difference_low)
    or difference > difference_high + 1e-9 * abs(difference_high)
    or p_value_adjusted < p_value
    or (not is_over and verdict <> 'keep_running')
    or (is_over and verdict = 'keep_running')
    or (verdict in ('ship', 'stop') and has_srm)
