with

friction_level_rates as (select * from {{ ref('int_friction_level_rates') }}),

recent_friction_differences as (select * from {{ ref('int_recent_friction_differences') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

friction_rules as (select * from {{ ref('friction_rules') }}),

friction_levels as (select * from {{ ref('friction_levels') }}),

ranked_levels as (
    select
        rule,
        level,
        rate,
        row_number() over (partition by rule order by rate desc, level_number) as rate_rank
    from friction_level_rates
    where is_comparable
),

best_levels as (
    select rule, level, rate from ranked_levels where rate_rank = 1
),

-- The lower end of the interval of the gap to the best level: only this part of the gap is certain. A level without an
-- interval is no finding.
costed_levels as (
    select
        friction_level_rates.rule,
        friction_level_rates.level,
        friction_level_rates.level_number,
        friction_level_rates.rate,
        best_levels.rate as best_rate,
        {{ money_in_30_days(
            'cast(friction_level_rates.rule_revenue as double) * friction_level_rates.exposures'
            ' * -recent_friction_differences.next_steps_difference_high / friction_level_rates.rule_next_steps',
            'attention_rules.stake_share', 'attention_rules.window_days'
        ) }} as value_at_stake,
        attention_rules.watches as factor,
        attention_rules.window_days
    from friction_level_rates
    inner join best_levels on best_levels.rule = friction_level_rates.rule
    inner join recent_friction_differences
        on recent_friction_differences.rule = friction_level_rates.rule
        and recent_friction_differences.level = friction_level_rates.level
        and recent_friction_differences.other_level = best_levels.level
        and recent_friction_differences.next_steps_difference_high is not null
    inner join attention_rules on attention_rules.rule = friction_level_rates.rule
    where friction_level_rates.is_comparable and friction_level_rates.rate < best_levels.rate
),

-- For each rule, the level with most at stake.
ranked_costs as (
    select
        rule,
        factor,
        level,
        rate,
        best_rate,
        window_days,
        value_at_stake,
        row_number() over (partition by rule order by value_at_stake desc, level_number) as cost_rank
    from costed_levels
)

select
    ranked_costs.rule,
    ranked_costs.factor || '/' || ranked_costs.level as subject,
    friction_rules.label || ': ' || friction_levels.label as label,
    friction_rules.label_zh || '：' || friction_levels.label_zh as label_zh,
    {{ percent_text('ranked_costs.rate') }} as figure,
    {{ percent_text('ranked_costs.best_rate') }} as usual,
    cast(ranked_costs.window_days as {{ dbt.type_string() }}) as days,
    cast(null as {{ dbt.type_string() }}) as spend,
    cast(null as {{ dbt.type_string() }}) as action,
    cast(null as {{ dbt.type_string() }}) as action_zh,
    ranked_costs.value_at_stake
from ranked_costs
inner join friction_rules on friction_rules.factor = ranked_costs.factor
inner join friction_levels
    on friction_levels.factor = ranked_costs.factor
    and friction_levels.level = ranked_costs.level
where ranked_costs.cost_rank = 1
