-- Every rule watches something that exists and has the thresholds that its kind needs. Otherwise it silently has
-- no finding.
with

attention_rules as (select * from {{ ref('attention_rules') }}),

attention_kinds as (select * from {{ ref('attention_kinds') }}),

kpis as (select * from {{ ref('kpis') }}),

funnel_steps as (select * from {{ ref('funnel_steps') }}),

friction_rules as (select * from {{ ref('friction_rules') }}),

winback_tiers as (select * from {{ ref('winback_tiers') }}),

watchable_subjects as (
    select 'kpi_moved' as kind, kpi as watches
    from kpis
    where
        is_higher_better is not null
        and numerator not in ('buyers', 'net_revenue_less_spend')
        and coalesce(denominator, '') not in ('buyers', 'net_revenue_less_spend')
    union all
    select distinct 'funnel_leak' as kind, funnel as watches from funnel_steps
    union all
    select 'friction' as kind, factor as watches from friction_rules
    union all
    select 'lapsing_customers' as kind, winback_tier as watches from winback_tiers
),

checked_rules as (
    select
        attention_rules.rule,
        case
            when attention_rules.kind not in (
                'kpi_moved', 'funnel_leak', 'payment_failures', 'late_deliveries', 'rejected_orders', 'friction',
                'stock_out', 'lapsing_customers', 'channel_below_payback'
            ) then 'no model has findings of this kind'
            when attention_rules.kind in ('kpi_moved', 'funnel_leak', 'friction', 'lapsing_customers')
                and watchable_subjects.watches is null then 'watches something that does not exist'
            when attention_rules.kind in (
                'kpi_moved', 'funnel_leak', 'payment_failures', 'late_deliveries', 'rejected_orders'
            ) and not coalesce(
                attention_rules.window_days >= 1
                and attention_rules.past_windows >= attention_rules.min_past_windows
                and attention_rules.min_past_windows >= 3
                and attention_rules.deviations >= 0
                and attention_rules.min_change >= 0
                and attention_rules.min_base >= 1, false
            ) then 'needs window_days, three past_windows or more, deviations, min_change and min_base'
            when attention_rules.kind = 'friction' and not coalesce(
                attention_rules.window_days >= 1 and attention_rules.min_base >= 1, false
            ) then 'needs window_days and min_base'
            when attention_rules.kind in ('stock_out', 'lapsing_customers')
                and not coalesce(attention_rules.min_base >= 1, false) then 'needs min_base'
            when attention_rules.kind = 'stock_out' and not coalesce(attention_rules.threshold >= 1, false)
                then 'needs a threshold of 1 day or more'
            when not coalesce(attention_kinds.revenue_days >= 1, false) then 'its kind needs revenue_days of 1 or more'
            when attention_rules.kind = 'channel_below_payback' and not coalesce(
                attention_rules.window_days >= 1 and attention_rules.threshold > 0, false
            ) then 'needs window_days and a threshold above 0'
            when not coalesce(attention_rules.stake_share > 0 and attention_rules.stake_share <= 1, false)
                then 'needs a stake_share above 0 and at most 1'
            when attention_rules.evidence is null
                or attention_rules.evidence_zh is null
                or attention_rules.suggested_action is null
                or attention_rules.suggested_action_zh is null then 'has no text'
        end as what_is_wrong
    from attention_rules
    left join attention_kinds on attention_kinds.kind = attention_rules.kind
    left join watchable_subjects
        on watchable_subjects.kind = attention_rules.kind
        and watchable_subjects.watches = attention_rules.watches
)

select *
from checked_rules
where what_is_wrong is not null
