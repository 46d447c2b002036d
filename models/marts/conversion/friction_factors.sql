{%- set outcomes = [('next_step', 'next_steps', 'desc'), ('exit', 'exits', 'asc')] -%}
with

friction_levels as (
    select * from {{ ref('int_friction_levels') }}
),

friction_rules as (
    select * from {{ ref('friction_rules') }}
),

level_names as (
    select * from {{ ref('friction_levels') }}
),

rates as (
    select
        friction_levels.month,
        friction_levels.factor,
        friction_levels.level,
        level_names.label,
        level_names.label_zh,
        friction_levels.level_number,
        friction_levels.exposures,
        friction_levels.sessions,
        {%- for name, count, _ in outcomes %}
        friction_levels.{{ count }},
        {{ rounded_ratio('friction_levels.' ~ count, 'friction_levels.exposures') }} as {{ name }}_rate,
        {{ wilson_low('friction_levels.' ~ count, 'friction_levels.exposures') }} as {{ name }}_rate_low,
        {{ wilson_high('friction_levels.' ~ count, 'friction_levels.exposures') }} as {{ name }}_rate_high,
        {%- endfor %}
        friction_levels.exposures >= friction_rules.min_exposures as is_comparable
    from friction_levels
    inner join friction_rules on friction_rules.factor = friction_levels.factor
    inner join level_names
        on level_names.factor = friction_levels.factor
        and level_names.level = friction_levels.level
),

-- Only a level met often enough can be the best; of equal ones the first by number.
ranked_rates as (
    select
        month,
        factor,
        level,
        {%- for name, _, _ in outcomes %}
        {{ name }}_rate,
        {{ name }}_rate_low,
        {{ name }}_rate_high,
        {%- endfor %}
        is_comparable,
        {%- for name, _, direction in outcomes %}
        row_number() over (
            partition by month, factor
            order by case when is_comparable then 0 else 1 end, {{ name }}_rate {{ direction }}, level_number
        ) as {{ name }}_rank{{ "," if not loop.last }}
        {%- endfor %}
    from rates
)

select
    rates.month,
    rates.factor,
    rates.level,
    rates.label,
    rates.label_zh,
    {%- for name, _, _ in outcomes %}
    best_{{ name }}.level as best_{{ name }}_level,
    {%- endfor %}
    rates.level_number,
    rates.exposures,
    rates.sessions,
    {%- for name, count, _ in outcomes %}
    {%- set ends = [] %}
    {%- for side in ['rates', 'best_' ~ name] %}{% for suffix in ['', '_low', '_high'] %}
    {%- do ends.append(side ~ '.' ~ name ~ '_rate' ~ suffix) %}{% endfor %}{% endfor %}
    rates.{{ count }},
    rates.{{ name }}_rate,
    rates.{{ name }}_rate_low,
    rates.{{ name }}_rate_high,
    {{ rounded_double(ends[0] ~ ' - ' ~ ends[3]) }} as {{ name }}_difference,
    case when best_{{ name }}.level <> rates.level then {{ newcombe_low(*ends) }} end as {{ name }}_difference_low,
    case when best_{{ name }}.level <> rates.level then {{ newcombe_high(*ends) }} end as {{ name }}_difference_high,
    {%- endfor %}
    rates.is_comparable
from rates
{%- for name, _, _ in outcomes %}
left join ranked_rates as best_{{ name }}
    on best_{{ name }}.month = rates.month
    and best_{{ name }}.factor = rates.factor
    and best_{{ name }}.is_comparable
    and best_{{ name }}.{{ name }}_rank = 1
{%- endfor %}
