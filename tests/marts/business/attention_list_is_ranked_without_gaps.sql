-- The list is worked from the top: a gap, a tie or a finding out of place hides money from who works it.
with

attention_list as (
    select * from {{ ref('attention_list') }}
),

attention_kinds as (
    select * from {{ ref('attention_kinds') }}
),

placed_findings as (
    select
        finding_id,
        kind,
        evidence,
        suggested_action,
        rank,
        value_at_stake,
        row_number() over (order by value_at_stake desc, rank) as place,
        count(*) over (partition by kind) as findings_of_kind
    from attention_list
)

select placed_findings.*, attention_kinds.max_findings
from placed_findings
left join attention_kinds on attention_kinds.kind = placed_findings.kind
where
    placed_findings.rank <> placed_findings.place
    or placed_findings.value_at_stake <= 0
    or placed_findings.findings_of_kind > attention_kinds.max_findings
    or attention_kinds.kind is null
    or placed_findings.evidence is null
    or placed_findings.suggested_action is null
    or position('{' in placed_findings.evidence) > 0
    or position('{' in placed_findings.suggested_action) > 0
