{#- Event types and page types are lists separated by `|`. A page type matches only a plain page_view. -#}
with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

funnel_steps as (select * from {{ ref('funnel_steps') }}),

event_kinds as (
    select distinct event_type, coalesce(page_type, '') as page_type from event_sessions
)

select
    funnel_steps.funnel,
    funnel_steps.step_number,
    event_kinds.event_type,
    event_kinds.page_type
from event_kinds
inner join funnel_steps
    on contains('|' || funnel_steps.event_types || '|', '|' || event_kinds.event_type || '|')
    or (
        event_kinds.event_type = 'page_view'
        and contains('|' || funnel_steps.page_types || '|', '|' || event_kinds.page_type || '|')
    )
