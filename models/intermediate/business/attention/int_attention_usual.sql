with

attention_windows as (
    select * from {{ ref('int_attention_windows') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

-- A ratio of few cases says little about what is usual.
past_windows as (
    select
        attention_windows.rule,
        attention_windows.subject,
        attention_windows.value,
        attention_windows.revenue,
        row_number() over (
            partition by attention_windows.rule, attention_windows.subject
            order by attention_windows.value, attention_windows.window_number
        ) as value_place,
        count(*) over (partition by attention_windows.rule, attention_windows.subject) as windows
    from attention_windows
    inner join attention_rules on attention_rules.rule = attention_windows.rule
    where
        attention_windows.window_number between 1 and attention_rules.past_windows
        and attention_windows.value is not null
        and (not attention_windows.is_ratio or attention_windows.denominator >= attention_rules.min_base)
),

medians as (
    select
        rule,
        subject,
        count(*) as windows,
        cast(sum(revenue) as decimal(22, 2)) as past_revenue,
        cast({{ doubled_median('value', 'value_place', 'windows') }} as decimal(28, 8)) as doubled_usual
    from past_windows
    group by rule, subject
),

distances as (
    select
        past_windows.rule,
        past_windows.subject,
        medians.windows,
        medians.past_revenue,
        medians.doubled_usual,
        abs(2 * past_windows.value - medians.doubled_usual) as doubled_distance,
        row_number() over (
            partition by past_windows.rule, past_windows.subject
            order by abs(2 * past_windows.value - medians.doubled_usual), past_windows.value_place
        ) as distance_place
    from past_windows
    inner join medians
        on medians.rule = past_windows.rule
        and medians.subject = past_windows.subject
)

-- 1.4826 medians of the distance from the median are a standard deviation where values are normal.
select
    rule,
    subject,
    windows,
    {{ mean_amount('past_revenue', 'windows') }} as usual_revenue,
    cast(doubled_usual * 0.5 as decimal(28, 9)) as usual,
    cast(
        ({{ doubled_median('doubled_distance', 'distance_place', 'windows') }}) * 0.25 * 1.4826 as decimal(38, 14)
    ) as usual_deviation
from distances
group by rule, subject, windows, past_revenue, doubled_usual
