with

session_funnel_steps as (select * from {{ ref('int_session_funnel_steps') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

measured_funnel_steps as (select * from {{ ref('int_measured_funnel_steps') }}),

attention_rules as (select * from {{ ref('attention_rules') }}),

kpi_facts_daily as (select * from {{ ref('int_kpi_facts_daily') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

step_days as (
    select
        session_funnel_steps.funnel,
        session_funnel_steps.step_number,
        count(*) as reached,
        int_sessions.session_date as date
    from session_funnel_steps
    inner join int_sessions on int_sessions.session_id = session_funnel_steps.session_id
    where session_funnel_steps.is_reached and not int_sessions.is_bot
    group by session_funnel_steps.funnel, session_funnel_steps.step_number, int_sessions.session_date
)

-- The revenue of a day depends on each step equally: a step that loses a tenth more costs a tenth of it. Orders are the
-- last step, so that days of an outage of orders tell nothing.
select
    attention_rules.rule,
    measured_funnel_steps.funnel || '/' || measured_funnel_steps.step_name as subject,
    measured_funnel_steps.label,
    measured_funnel_steps.label_zh,
    'rate' as unit,
    cast(coalesce(reached_steps.reached, 0) as decimal(18, 2)) as numerator,
    cast(coalesce(earlier_steps.reached, 0) as decimal(18, 2)) as denominator,
    coalesce(kpi_facts_daily.net_revenue, 0) as revenue,
    true as is_ratio,
    true as is_higher_better,
    kpi_facts_daily.date
from attention_rules
inner join measured_funnel_steps on measured_funnel_steps.funnel = attention_rules.watches
cross join kpi_facts_daily
left join step_days as earlier_steps
    on earlier_steps.funnel = measured_funnel_steps.funnel
    and earlier_steps.step_number = measured_funnel_steps.previous_required_step
    and earlier_steps.date = kpi_facts_daily.date
left join step_days as reached_steps
    on reached_steps.funnel = measured_funnel_steps.funnel
    and reached_steps.step_number = measured_funnel_steps.step_number
    and reached_steps.date = kpi_facts_daily.date
left join covered_days on covered_days.date = kpi_facts_daily.date
where
    attention_rules.kind = 'funnel_leak'
    and measured_funnel_steps.is_required
    and measured_funnel_steps.is_measured
    and measured_funnel_steps.previous_required_step is not null
    and not coalesce(covered_days.is_orders_outage, false)
