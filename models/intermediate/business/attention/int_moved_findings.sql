with

attention_windows as (
    select * from {{ ref('int_attention_windows') }}
),

attention_usual as (
    select * from {{ ref('int_attention_usual') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

movements as (
    select
        attention_windows.rule,
        attention_windows.subject,
        attention_windows.label,
        attention_windows.label_zh,
        attention_windows.unit,
        attention_windows.value,
        attention_windows.is_higher_better,
        attention_windows.revenue,
        attention_usual.usual,
        attention_usual.usual_revenue,
        attention_usual.usual_deviation,
        case
            when attention_windows.is_higher_better then attention_usual.usual - attention_windows.value
            else attention_windows.value - attention_usual.usual
        end as worse_by,
        attention_rules.window_days,
        attention_rules.deviations,
        attention_rules.min_change,
        attention_rules.stake_share
    from attention_windows
    inner join attention_usual
        on attention_usual.rule = attention_windows.rule
        and attention_usual.subject = attention_windows.subject
    inner join attention_rules on attention_rules.rule = attention_windows.rule
    where
        attention_windows.window_number = 0
        and attention_usual.windows >= attention_rules.min_past_windows
        and (not attention_windows.is_ratio or attention_windows.denominator >= attention_rules.min_base)
        -- What is better low is no trouble while it is low.
        and (attention_windows.is_higher_better or attention_windows.value >= coalesce(attention_rules.threshold, 0))
)

-- Of what is better high, the part of the usual revenue that went missing with it; of a share of revenue, the revenue
-- that it took beyond the usual.
select
    rule,
    subject,
    label,
    label_zh,
    {{ number_text('value', 'unit') }} as figure,
    {{ number_text('usual', 'unit') }} as usual,
    {{ money_in_30_days(
        'cast(worse_by as double)'
        ~ ' * case when is_higher_better then cast(usual_revenue as double) / cast(usual as double)'
        ~ ' else cast(revenue as double) end',
        'stake_share', 'window_days'
    ) }} as value_at_stake
from movements
where
    worse_by > 0
    and worse_by >= min_change * usual
    and worse_by >= deviations * usual_deviation
