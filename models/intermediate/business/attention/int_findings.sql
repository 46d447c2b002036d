{%- set columns = 'rule, subject, label, label_zh, figure, usual, days, spend, action, action_zh, value_at_stake' -%}
with

candidate_findings as (
    select {{ columns }} from {{ ref('int_moved_findings') }}
    union all
    select {{ columns }} from {{ ref('int_friction_findings') }}
    union all
    select {{ columns }} from {{ ref('int_stock_findings') }}
    union all
    select {{ columns }} from {{ ref('int_lapsing_findings') }}
    union all
    select {{ columns }} from {{ ref('int_channel_findings') }}
),

attention_rules as (select * from {{ ref('attention_rules') }}),

attention_kinds as (select * from {{ ref('attention_kinds') }}),

kpi_facts_daily as (select * from {{ ref('int_kpi_facts_daily') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

recent_revenue as (
    select
        attention_kinds.kind,
        coalesce(sum(kpi_facts_daily.net_revenue) filter (
            where
            {{ days_between('kpi_facts_daily.date', 'stg_run_period.as_of_date') }} < attention_kinds.revenue_days
        ), 0) as net_revenue
    from attention_kinds
    cross join stg_run_period
    cross join kpi_facts_daily
    group by attention_kinds.kind
),

-- Drop findings that are small against recent revenue.
large_findings as (
    select
        candidate_findings.rule,
        candidate_findings.subject,
        attention_rules.kind,
        candidate_findings.value_at_stake,
        attention_kinds.max_findings
    from candidate_findings
    inner join attention_rules on attention_rules.rule = candidate_findings.rule
    inner join attention_kinds on attention_kinds.kind = attention_rules.kind
    inner join recent_revenue on recent_revenue.kind = attention_rules.kind
    where
        candidate_findings.value_at_stake > 0
        and candidate_findings.value_at_stake >= attention_kinds.min_revenue_share * recent_revenue.net_revenue
),

-- Show one cause once: leave out a finding that a large finding of a more exact rule explains.
explained_rules as (
    select distinct attention_rules.rule
    from attention_rules
    inner join large_findings
        on position('|' || large_findings.rule || '|' in '|' || attention_rules.explained_by || '|') > 0
),

ranked_findings as (
    select
        large_findings.rule,
        large_findings.subject,
        row_number() over (
            partition by large_findings.kind
            order by large_findings.value_at_stake desc, large_findings.rule, large_findings.subject
        ) <= large_findings.max_findings as is_shown
    from large_findings
    left join explained_rules on explained_rules.rule = large_findings.rule
    where explained_rules.rule is null
)

select
    candidate_findings.rule,
    candidate_findings.subject,
    candidate_findings.label,
    candidate_findings.label_zh,
    candidate_findings.figure,
    candidate_findings.usual,
    candidate_findings.days,
    candidate_findings.spend,
    candidate_findings.action,
    candidate_findings.action_zh,
    candidate_findings.value_at_stake,
    coalesce(ranked_findings.is_shown, false) as is_shown
from candidate_findings
left join ranked_findings
    on ranked_findings.rule = candidate_findings.rule
    and ranked_findings.subject = candidate_findings.subject
