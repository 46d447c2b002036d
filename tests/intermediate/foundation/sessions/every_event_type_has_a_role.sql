-- Events of a type without a role would be dropped from sessions without a message.
with

event_type_mapping as (select * from {{ ref('event_type_mapping') }}),

event_type_roles as (select * from {{ ref('event_type_roles') }})

select distinct event_type_mapping.value
from event_type_mapping
left join event_type_roles on event_type_roles.event_type = event_type_mapping.value
where
    event_type_mapping.value is not null
    and event_type_roles.event_type is null
