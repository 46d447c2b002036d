with

findings as (
    select * from {{ ref('int_findings') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

attention_kinds as (
    select * from {{ ref('attention_kinds') }}
),

kpi_facts_daily as (
    select * from {{ ref('int_kpi_facts_daily') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

recent_revenue as (
    select coalesce(sum(kpi_facts_daily.net_revenue), 0) as net_revenue
    from kpi_facts_daily
    cross join run_period
    where {{ days_between('kpi_facts_daily.date', 'run_period.as_of_date') }} < 30
),

-- Nobody is sent after what comes to nothing beside the shop's revenue.
weighty_findings as (
    select
        findings.rule,
        findings.subject,
        attention_rules.kind,
        attention_rules.said_by,
        findings.value_at_stake,
        attention_kinds.max_findings
    from findings
    inner join attention_rules on attention_rules.rule = findings.rule
    inner join attention_kinds on attention_kinds.kind = attention_rules.kind
    cross join recent_revenue
    where
        findings.value_at_stake > 0
        and findings.value_at_stake >= attention_kinds.min_revenue_share * recent_revenue.net_revenue
),

speaking_rules as (
    select distinct rule from weighty_findings
),

-- One cause is said once: what moved for a reason that is a finding itself is left out.
causes as (
    select
        weighty_findings.rule,
        weighty_findings.subject,
        weighty_findings.kind,
        weighty_findings.value_at_stake,
        weighty_findings.max_findings,
        count(speaking_rules.rule) as better_said
    from weighty_findings
    left join speaking_rules
        on position('|' || speaking_rules.rule || '|' in '|' || weighty_findings.said_by || '|') > 0
    group by
        weighty_findings.rule,
        weighty_findings.subject,
        weighty_findings.kind,
        weighty_findings.value_at_stake,
        weighty_findings.max_findings
),

ranked_causes as (
    select
        rule,
        subject,
        kind,
        value_at_stake,
        max_findings,
        row_number() over (partition by kind order by value_at_stake desc, rule, subject) as kind_rank
    from causes
    where better_said = 0
)

select
    rule,
    subject,
    kind,
    value_at_stake
from ranked_causes
where kind_rank <= max_findings
