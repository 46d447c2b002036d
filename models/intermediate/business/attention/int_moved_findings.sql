{%- set doubled_distance = 'abs(2 * attention_windows.value - medians.doubled_usual)' -%}
with

attention_windows as (select * from {{ ref('int_attention_windows') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

medians as (
    select
        rule,
        subject,
        count(*) as windows,
        cast(sum(revenue) as decimal(22, 2)) as past_revenue,
        cast({{ doubled_median_of('value') }} as decimal(28, 8)) as doubled_usual
    from attention_windows
    where is_past and has_enough_cases
    group by rule, subject
),

-- 1.4826 x the median distance from the median is the standard deviation where values are normal.
usual_levels as (
    select
        medians.rule,
        medians.subject,
        medians.windows,
        {{ mean_amount('medians.past_revenue', 'medians.windows') }} as usual_revenue,
        cast(medians.doubled_usual * 0.5 as decimal(28, 9)) as usual,
        cast(({{ doubled_median_of(doubled_distance) }}) * 0.25 * 1.4826 as decimal(38, 14)) as usual_deviation
    from medians
    inner join attention_windows
        on attention_windows.rule = medians.rule
        and attention_windows.subject = medians.subject
    where attention_windows.is_past and attention_windows.has_enough_cases
    group by medians.rule, medians.subject, medians.windows, medians.past_revenue, medians.doubled_usual
),

movements as (
    select
        attention_windows.rule,
        attention_windows.subject,
        attention_windows.label,
        attention_windows.label_zh,
        attention_windows.unit,
        usual_levels.windows,
        attention_windows.value,
        usual_levels.usual,
        usual_levels.usual_deviation,
        attention_windows.revenue,
        usual_levels.usual_revenue,
        case
            when attention_windows.is_higher_better then usual_levels.usual - attention_windows.value
            else attention_windows.value - usual_levels.usual
        end as worse_by,
        attention_windows.is_higher_better
    from attention_windows
    inner join usual_levels
        on usual_levels.rule = attention_windows.rule
        and usual_levels.subject = attention_windows.subject
    where attention_windows.window_number = 0 and attention_windows.has_enough_cases
)

-- At stake: of a value that is better high, the missing part of the usual revenue; of a share of revenue, the revenue
-- beyond the usual share. A value that is better low is not a finding below the rule's threshold.
select
    movements.rule,
    movements.subject,
    movements.label,
    movements.label_zh,
    {{ number_text('movements.value', 'movements.unit') }} as figure,
    {{ number_text('movements.usual', 'movements.unit') }} as usual,
    cast(attention_rules.window_days as {{ dbt.type_string() }}) as days,
    cast(null as {{ dbt.type_string() }}) as spend,
    cast(null as {{ dbt.type_string() }}) as action,
    cast(null as {{ dbt.type_string() }}) as action_zh,
    {{ money_in_30_days(
        'cast(movements.worse_by as double) * case when movements.is_higher_better'
        ~ ' then cast(movements.usual_revenue as double) / cast(movements.usual as double)'
        ~ ' else cast(movements.revenue as double) end',
        'attention_rules.stake_share', 'attention_rules.window_days'
    ) }} as value_at_stake
from movements
inner join attention_rules on attention_rules.rule = movements.rule
where
    movements.windows >= attention_rules.min_past_windows
    and (movements.is_higher_better or movements.value >= coalesce(attention_rules.threshold, 0))
    and movements.worse_by > 0
    and movements.worse_by >= attention_rules.min_change * movements.usual
    and movements.worse_by >= attention_rules.deviations * movements.usual_deviation
