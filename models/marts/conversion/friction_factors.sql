{%- set outcomes = [('next_step', 'next_steps', 'desc'), ('exit', 'exits', 'asc')] -%}
with

friction_level_counts as (select * from {{ ref('int_friction_level_counts') }}),

friction_differences as (select * from {{ ref('int_friction_differences') }}),

friction_levels as (select * from {{ ref('friction_levels') }}),

level_rates as (
    select
        friction_level_counts.month,
        friction_level_counts.factor,
        friction_level_counts.level,
        friction_levels.label,
        friction_levels.label_zh,
        friction_level_counts.level_number,
        friction_level_counts.exposures,
        friction_level_counts.sessions,
        {%- for name, count, _ in outcomes %}
        friction_level_counts.{{ count }},
        {{ rounded_ratio('friction_level_counts.' ~ count, 'friction_level_counts.exposures') }} as {{ name }}_rate,
        {{ wilson_low('friction_level_counts.' ~ count, 'friction_level_counts.exposures') }} as {{ name }}_rate_low,
        {{ wilson_high('friction_level_counts.' ~ count, 'friction_level_counts.exposures') }} as {{ name }}_rate_high,
        {%- endfor %}
        friction_level_counts.is_comparable
    from friction_level_counts
    inner join friction_levels
        on friction_levels.factor = friction_level_counts.factor
        and friction_levels.level = friction_level_counts.level
),

-- Only a level with enough exposures can be the best; of equal rates the smaller level number.
ranked_rates as (
    select
        month,
        factor,
        level,
        exposures,
        {%- for _, count, _ in outcomes %}
        {{ count }},
        {%- endfor %}
        is_comparable,
        {%- for name, _, direction in outcomes %}
        row_number() over (
            partition by month, factor
            order by case when is_comparable then 0 else 1 end, {{ name }}_rate {{ direction }}, level_number
        ) as {{ name }}_rank{{ "," if not loop.last }}
        {%- endfor %}
    from level_rates
)

select
    level_rates.month,
    level_rates.factor,
    level_rates.level,
    level_rates.label,
    level_rates.label_zh,
    {%- for name, _, _ in outcomes %}
    best_{{ name }}.level as best_{{ name }}_level,
    {%- endfor %}
    level_rates.level_number,
    level_rates.exposures,
    level_rates.sessions,
    {%- for name, count, _ in outcomes %}
    level_rates.{{ count }},
    level_rates.{{ name }}_rate,
    level_rates.{{ name }}_rate_low,
    level_rates.{{ name }}_rate_high,
    {{ rounded_double(
        'cast(level_rates.' ~ count ~ ' as double) / nullif(level_rates.exposures, 0)'
        ~ ' - cast(best_' ~ name ~ '.' ~ count ~ ' as double) / nullif(best_' ~ name ~ '.exposures, 0)'
    ) }} as {{ name }}_difference,
    {{ name }}_intervals.{{ count }}_difference_low as {{ name }}_difference_low,
    {{ name }}_intervals.{{ count }}_difference_high as {{ name }}_difference_high,
    {%- endfor %}
    level_rates.is_comparable
from level_rates
{%- for name, _, _ in outcomes %}
left join ranked_rates as best_{{ name }}
    on best_{{ name }}.month = level_rates.month
    and best_{{ name }}.factor = level_rates.factor
    and best_{{ name }}.is_comparable
    and best_{{ name }}.{{ name }}_rank = 1
left join friction_differences as {{ name }}_intervals
    on {{ name }}_intervals.month = level_rates.month
    and {{ name }}_intervals.factor = level_rates.factor
    and {{ name }}_intervals.level = level_rates.level
    and {{ name }}_intervals.other_level = best_{{ name }}.level
{%- endfor %}
