-- A step that is reached before or without its required step would count conversions that never happened.
with

session_steps as (
    select 'session' as scope, funnel, session_id as entry_id, step_number, reached_at, is_reached
    from {{ ref('int_session_funnel_steps') }}
),

visitor_steps as (
    select 'visitor' as scope, funnel, entry_id, step_number, reached_at, is_reached
    from {{ ref('int_visitor_funnel_steps') }}
),

measured_funnel_steps as (select * from {{ ref('int_measured_funnel_steps') }}),

entry_steps as (
    select scope, funnel, entry_id, step_number, reached_at from session_steps where is_reached
    union all
    select scope, funnel, entry_id, step_number, reached_at from visitor_steps where is_reached
)

select
    entry_steps.scope,
    entry_steps.funnel,
    entry_steps.entry_id,
    entry_steps.step_number
from entry_steps
inner join measured_funnel_steps
    on measured_funnel_steps.funnel = entry_steps.funnel
    and measured_funnel_steps.step_number = entry_steps.step_number
left join entry_steps as previous_steps
    on previous_steps.scope = entry_steps.scope
    and previous_steps.funnel = entry_steps.funnel
    and previous_steps.entry_id = entry_steps.entry_id
    and previous_steps.step_number = measured_funnel_steps.previous_required_step
where
    measured_funnel_steps.previous_required_step is not null
    and (previous_steps.reached_at is null or previous_steps.reached_at > entry_steps.reached_at)
