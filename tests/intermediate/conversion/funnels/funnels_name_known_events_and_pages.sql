-- A step with a misspelt event type would never be reached.
with

funnel_steps as (select * from {{ ref('funnel_steps') }}),

event_type_roles as (select * from {{ ref('event_type_roles') }}),

enumerations as (select * from {{ ref('enumerations') }}),

known_names as (
    select 'event_types' as list, event_type as name from event_type_roles
    union all
    select distinct 'page_types' as list, value as name from enumerations where enumeration = 'page_type'
),

named_lists as (
    select funnel, step_number, 'event_types' as list, event_types as names from funnel_steps where event_types <> ''
    union all
    select funnel, step_number, 'page_types' as list, page_types as names from funnel_steps where page_types <> ''
)

select
    named_lists.funnel,
    named_lists.step_number,
    named_lists.list,
    named_lists.names
from named_lists
left join known_names
    on known_names.list = named_lists.list
    and contains('|' || named_lists.names || '|', '|' || known_names.name || '|')
group by named_lists.funnel, named_lists.step_number, named_lists.list, named_lists.names
having count(known_names.name) <> length(named_lists.names) - length(replace(named_lists.names, '|', '')) + 1
