-- A tier and reason without an action would drop its customers from the win-back list.
with

winback_actions as (select * from {{ ref('winback_actions') }}),

winback_tiers as (select * from {{ ref('winback_tiers') }}),

expected_reasons as (
    {%- for reason in ['lapsed'] + churn_signals() %}
    select '{{ reason }}' as reason
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

expected_actions as (
    select
        winback_tiers.winback_tier,
        expected_reasons.reason
    from winback_tiers
    cross join expected_reasons
)

select
    coalesce(expected_actions.winback_tier, winback_actions.winback_tier) as winback_tier,
    coalesce(expected_actions.reason, winback_actions.reason) as reason
from expected_actions
full outer join winback_actions
    on winback_actions.winback_tier = expected_actions.winback_tier
    and winback_actions.reason = expected_actions.reason
where
    expected_actions.reason is null
    or winback_actions.recommended_action is null
    or winback_actions.recommended_action_zh is null
