-- Ranks have no gap or tie, follow the value at stake, and keep to the cap of each kind; texts have no open
-- placeholder. Otherwise an operator who works from the top misses the largest findings.
with

attention_list as (select * from {{ ref('attention_list') }}),

attention_kinds as (select * from {{ ref('attention_kinds') }}),

numbered_findings as (
    select
        finding_id,
        kind,
        evidence,
        suggested_action,
        rank,
        value_at_stake,
        row_number() over (order by value_at_stake desc, rank) as expected_rank,
        count(*) over (partition by kind) as findings_of_kind
    from attention_list
)

select numbered_findings.*, attention_kinds.max_findings
from numbered_findings
left join attention_kinds on attention_kinds.kind = numbered_findings.kind
where
    numbered_findings.rank <> numbered_findings.expected_rank
    or numbered_findings.value_at_stake <= 0
    or numbered_findings.findings_of_kind > attention_kinds.max_findings
    or attention_kinds.kind is null
    or numbered_findings.evidence is null
    or numbered_findings.suggested_action is null
    or position('{' in numbered_findings.evidence) > 0
    or position('{' in numbered_findings.suggested_action) > 0
