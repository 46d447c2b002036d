-- Which step of the purchase funnel loses the largest share of sessions, and which friction factor goes with most of
-- the lost steps? The loss of a factor is what its worse levels would gain at the rate of its best level. It shows
-- where to look first; it does not prove a cause.
with

funnel_daily as (select * from {{ ref('funnel_daily') }}),

friction_factors as (select * from {{ ref('friction_factors') }}),

friction_rules as (select * from {{ ref('friction_rules') }}),

step_losses as (
    select
        step_number,
        step_name,
        cast(sum(entered) as bigint) as entered,
        cast(sum(dropped) as bigint) as dropped
    from funnel_daily
    where funnel = 'purchase' and is_required
    group by step_number, step_name
),

largest_drop_off as (
    select
        step_name,
        entered,
        dropped
    from step_losses
    order by {{ rounded_ratio('dropped', 'entered') }} desc nulls last, step_number asc
    limit 1
),

-- Each factor belongs to the step that should follow it: cart, order, payment, or a product opened from the results.
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

factor_levels as (
    select
        factor,
        level,
        level_number,
        cast(sum(exposures) as bigint) as exposures,
        cast(sum(next_steps) as bigint) as next_steps
    from friction_factors
    group by factor, level, level_number
),

factor_rates as (
    select
        factor,
        level,
        exposures,
        next_steps,
        {{ rounded_ratio('next_steps', 'exposures') }} as next_step_rate,
        max({{ rounded_ratio('next_steps', 'exposures') }}) over (partition by factor) as best_rate
    from factor_levels
    where exposures >= 100
)

select
    largest_drop_off.step_name as largest_drop_off,
    {{ rounded_ratio('largest_drop_off.dropped', 'largest_drop_off.entered') }} as drop_off_rate,
    step_factors.label as factor,
    factor_rates.level,
    factor_rates.exposures,
    factor_rates.next_step_rate,
    factor_rates.best_rate,
    cast(factor_rates.exposures * factor_rates.best_rate - factor_rates.next_steps as bigint) as steps_below_best_level
from largest_drop_off
inner join step_factors on step_factors.step_name = largest_drop_off.step_name
inner join factor_rates on factor_rates.factor = step_factors.factor
order by steps_below_best_level desc, step_factors.label asc, factor_rates.level asc
