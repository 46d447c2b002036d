-- Which step of the purchase funnel loses the largest share, and which factor beside it goes with the most lost steps?
-- A factor's loss is what its worse levels would have gained at the rate of its best: where to look first, not a proof.
with

funnel_daily as (
    select * from {{ ref('funnel_daily') }}
),

friction_factors as (
    select * from {{ ref('friction_factors') }}
),

friction_rules as (
    select * from {{ ref('friction_rules') }}
),

step_losses as (
    select
        step_number,
        step_name,
        cast(sum(entered) as bigint) as entered,
        cast(sum(dropped) as bigint) as lost
    from funnel_daily
    where funnel = 'purchase' and scope = 'session' and is_required
    group by step_number, step_name
),

leakiest_step as (
    select
        step_name,
        entered,
        lost
    from step_losses
    order by {{ rounded_ratio('lost', 'entered') }} desc nulls last, step_number asc
    limit 1
),

-- Factors are told apart by the step that ought to follow: cart, order, payment or the opening of a result.
step_factors as (
    select
        factor,
        label,
        case
            when exposure = 'product view' or factor = 'off_category_recommendation' then 'cart'
            when exposure = 'checkout' then 'order'
            when factor = 'failed_payment' then 'payment'
            when factor = 'search_results' then 'product'
        end as step_name
    from friction_rules
),

level_totals as (
    select
        factor,
        level,
        level_number,
        cast(sum(exposures) as bigint) as exposures,
        cast(sum(next_steps) as bigint) as next_steps
    from friction_factors
    group by factor, level, level_number
),

level_rates as (
    select
        factor,
        level,
        exposures,
        next_steps,
        {{ rounded_ratio('next_steps', 'exposures') }} as next_step_rate,
        max({{ rounded_ratio('next_steps', 'exposures') }}) over (partition by factor) as best_rate
    from level_totals
    where exposures >= 100
)

select
    leakiest_step.step_name as leakiest_step,
    {{ rounded_ratio('leakiest_step.lost', 'leakiest_step.entered') }} as lost_rate,
    step_factors.label as factor,
    level_rates.level,
    level_rates.exposures,
    level_rates.next_step_rate,
    level_rates.best_rate,
    cast(level_rates.exposures * level_rates.best_rate - level_rates.next_steps as bigint) as steps_behind_the_best
from leakiest_step
inner join step_factors on step_factors.step_name = leakiest_step.step_name
inner join level_rates on level_rates.factor = step_factors.factor
order by steps_behind_the_best desc, step_factors.label asc, level_rates.level asc
