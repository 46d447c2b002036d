-- A rule that watches nothing, or is compared with nothing, would never speak, and nobody would miss it.
with

attention_rules as (
    select * from {{ ref('attention_rules') }}
),

kpis as (
    select * from {{ ref('kpis') }}
),

funnel_steps as (
    select * from {{ ref('funnel_steps') }}
),

friction_rules as (
    select * from {{ ref('friction_rules') }}
),

winback_tiers as (
    select * from {{ ref('winback_tiers') }}
),

watched_things as (
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

judged_rules as (
    select
        attention_rules.rule,
        case
            when attention_rules.kind not in (
                'kpi_moved', 'funnel_leak', 'payment_failures', 'late_deliveries', 'rejected_orders', 'friction',
                'stock_out', 'lapsing_customers', 'channel_below_payback'
            ) then 'no model finds this kind'
            when attention_rules.kind in ('kpi_moved', 'funnel_leak', 'friction', 'lapsing_customers')
                and watched_things.watches is null then 'watches what cannot be watched'
            when attention_rules.kind in (
                'kpi_moved', 'funnel_leak', 'payment_failures', 'late_deliveries', 'rejected_orders'
            ) and not coalesce(
                attention_rules.window_days >= 1
                and attention_rules.past_windows >= attention_rules.min_past_windows
                and attention_rules.min_past_windows >= 3
                and attention_rules.deviations >= 0
                and attention_rules.min_change >= 0
                and attention_rules.min_base >= 1, false
            ) then 'needs windows of a day or more, three past ones, deviations, a least change and a least base'
            when attention_rules.kind = 'friction' and not coalesce(
                attention_rules.window_days >= 1 and attention_rules.min_base >= 1, false
            ) then 'needs days and a least base'
            when attention_rules.kind in ('stock_out', 'lapsing_customers')
                and not coalesce(attention_rules.min_base >= 1, false) then 'needs a least base'
            when attention_rules.kind = 'channel_below_payback' and not coalesce(
                attention_rules.window_days >= 1 and attention_rules.threshold > 0, false
            ) then 'needs days and a threshold above 0'
            when not coalesce(attention_rules.stake_share > 0 and attention_rules.stake_share <= 1, false)
                then 'stake_share is above 0 and at most 1'
            when attention_rules.evidence is null
                or attention_rules.evidence_zh is null
                or attention_rules.suggested_action is null
                or attention_rules.suggested_action_zh is null then 'says nothing'
        end as what_is_wrong
    from attention_rules
    left join watched_things
        on watched_things.kind = attention_rules.kind
        and watched_things.watches = attention_rules.watches
)

select *
from judged_rules
where what_is_wrong is not null
