{%- set columns -%}
    rule, subject, label, label_zh, unit, numerator, denominator, revenue, is_ratio, is_higher_better, date
{%- endset -%}
with

watched_days as (
    select {{ columns }} from {{ ref('int_attention_kpi_days') }}
    union all
    select {{ columns }} from {{ ref('int_attention_funnel_days') }}
    union all
    select {{ columns }} from {{ ref('int_attention_payment_days') }}
    union all
    select {{ columns }} from {{ ref('int_attention_delivery_days') }}
    union all
    select {{ columns }} from {{ ref('int_attention_rejection_days') }}
),

attention_rules as (select * from {{ ref('attention_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- Equal windows counted back from the as-of date; 0 is the last. Windows before the first day with a case are left out.
numbered_days as (
    select
        watched_days.rule,
        watched_days.subject,
        watched_days.label,
        watched_days.label_zh,
        watched_days.unit,
        watched_days.is_ratio,
        watched_days.is_higher_better,
        watched_days.numerator,
        watched_days.denominator,
        watched_days.revenue,
        cast({{ whole_quotient(
            days_between('watched_days.date', 'stg_run_period.as_of_date'), 'attention_rules.window_days'
        ) }} as bigint) as window_number,
        {{ days_between(
            'min(case when coalesce(watched_days.denominator, watched_days.numerator) > 0 then watched_days.date end)'
            ~ ' over (partition by watched_days.rule, watched_days.subject)',
            'stg_run_period.as_of_date'
        ) }} + 1 as observed_days,
        attention_rules.window_days,
        attention_rules.past_windows,
        attention_rules.min_base
    from watched_days
    inner join attention_rules on attention_rules.rule = watched_days.rule
    cross join stg_run_period
)

-- A ratio of few cases is unreliable: min_base is the least number of cases. A sum needs all days of its window.
select
    rule,
    subject,
    label,
    label_zh,
    unit,
    window_number,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    {{ money('sum(revenue)') }} as revenue,
    case
        when is_ratio
            then {{ exact_ratio(
                'cast(sum(numerator) as decimal(28, 2))', 'cast(sum(denominator) as decimal(28, 2))', places=8
            ) }}
        else cast(sum(numerator) as decimal(22, 8))
    end as value,
    is_ratio,
    is_higher_better,
    window_number between 1 and past_windows as is_past,
    coalesce(case when is_ratio then sum(denominator) >= min_base else count(*) = window_days end, false)
    as has_enough_cases
from numbered_days
where (window_number + 1) * window_days <= observed_days
group by
    rule, subject, label, label_zh, unit, window_number, is_ratio, is_higher_better, window_days, past_windows, min_base
