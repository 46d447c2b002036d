{%- set days = 'coalesce(findings.days, cast(attention_rules.window_days as ' ~ dbt.type_string() ~ '))' -%}
{%- set places = {
    'subject': 'findings.label', 'figure': 'findings.figure', 'usual': 'findings.usual', 'days': days,
    'spend': 'findings.spend', 'action': 'findings.action',
} -%}
{%- set places_zh = dict(places, subject='findings.label_zh', action='findings.action_zh') -%}
with

weighed_findings as (
    select * from {{ ref('int_findings_weighed') }}
),

findings as (
    select * from {{ ref('int_findings') }}
),

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

attention_kinds as (
    select * from {{ ref('attention_kinds') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
)

select
    weighed_findings.rule || ':' || weighed_findings.subject as finding_id,
    weighed_findings.kind,
    attention_kinds.label as kind_label,
    attention_kinds.label_zh as kind_label_zh,
    weighed_findings.subject,
    findings.label as subject_label,
    findings.label_zh as subject_label_zh,
    {{ filled_text('attention_rules.evidence', places) }} as evidence,
    {{ filled_text('attention_rules.evidence_zh', places_zh) }} as evidence_zh,
    {{ filled_text('attention_rules.suggested_action', places) }} as suggested_action,
    {{ filled_text('attention_rules.suggested_action_zh', places_zh) }} as suggested_action_zh,
    attention_kinds.mart,
    row_number() over (
        order by weighed_findings.value_at_stake desc, weighed_findings.rule, weighed_findings.subject
    ) as rank,
    weighed_findings.value_at_stake,
    run_period.as_of_date
from weighed_findings
inner join findings
    on findings.rule = weighed_findings.rule
    and findings.subject = weighed_findings.subject
inner join attention_rules on attention_rules.rule = weighed_findings.rule
inner join attention_kinds on attention_kinds.kind = weighed_findings.kind
cross join run_period
