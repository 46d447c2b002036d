{%- set best = ['best_levels.rate', 'best_levels.rate_low', 'best_levels.rate_high'] -%}
{%- set level = ['friction_stakes.rate', 'friction_stakes.rate_low', 'friction_stakes.rate_high'] -%}
with

friction_stakes as (
    select * from {{ ref('int_friction_stakes') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

friction_rules as (
    select * from {{ ref('friction_rules') }}
),

friction_levels as (
    select * from {{ ref('friction_levels') }}
),

ranked_levels as (
    select
        rule,
        rate,
        rate_low,
        rate_high,
        row_number() over (partition by rule order by rate desc, level_number) as rate_rank
    from friction_stakes
    where is_comparable
),

best_levels as (
    select rule, rate, rate_low, rate_high from ranked_levels where rate_rank = 1
),

-- Only as much worse than the best level as is sure at 95 %, and of a factor the level that costs most.
costed_levels as (
    select
        friction_stakes.rule,
        friction_stakes.level,
        friction_stakes.level_number,
        friction_stakes.rate,
        best_levels.rate as best_rate,
        {{ money_in_30_days(
            'cast(friction_stakes.rule_revenue as double) * friction_stakes.meetings * '
            ~ newcombe_low(*(best + level)) ~ ' / friction_stakes.rule_next_steps',
            'attention_rules.stake_share', 'attention_rules.window_days'
        ) }} as value_at_stake,
        attention_rules.watches as factor
    from friction_stakes
    inner join best_levels on best_levels.rule = friction_stakes.rule
    inner join attention_rules on attention_rules.rule = friction_stakes.rule
    where friction_stakes.is_comparable and friction_stakes.rate < best_levels.rate
),

ranked_costs as (
    select
        rule,
        factor,
        level,
        rate,
        best_rate,
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
    ranked_costs.value_at_stake
from ranked_costs
inner join friction_rules on friction_rules.factor = ranked_costs.factor
inner join friction_levels
    on friction_levels.factor = ranked_costs.factor
    and friction_levels.level = ranked_costs.level
where ranked_costs.cost_rank = 1
