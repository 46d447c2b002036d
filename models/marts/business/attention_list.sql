{%- set columns = {
    'subject': 'findings.label', 'figure': 'findings.figure', 'usual': 'findings.usual', 'days': 'findings.days',
    'spend': 'findings.spend', 'action': 'findings.action',
} -%}
{%- set columns_zh = dict(columns, subject='findings.label_zh', action='findings.action_zh') -%}
with

findings as (select * from {{ ref('int_findings') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

attention_kinds as (select * from {{ ref('attention_kinds') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    findings.rule || ':' || findings.subject as finding_id,
    attention_rules.kind,
    attention_kinds.label as kind_label,
    attention_kinds.label_zh as kind_label_zh,
    findings.subject,
    findings.label as subject_label,
    findings.label_zh as subject_label_zh,
    {{ filled_text('attention_rules.evidence', columns) }} as evidence,
    {{ filled_text('attention_rules.evidence_zh', columns_zh) }} as evidence_zh,
    {{ filled_text('attention_rules.suggested_action', columns) }} as suggested_action,
    {{ filled_text('attention_rules.suggested_action_zh', columns_zh) }} as suggested_action_zh,
    attention_kinds.mart,
    row_number() over (order by findings.value_at_stake desc, findings.rule, findings.subject) as rank,
    findings.value_at_stake,
    stg_run_period.as_of_date
from findings
inner join attention_rules on attention_rules.rule = findings.rule
inner join attention_kinds on attention_kinds.kind = attention_rules.kind
cross join stg_run_period
where findings.is_shown
