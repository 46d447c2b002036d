-- A name without a type in event_type_mapping is rejected anyway: the condition would have no effect.
with

product_event_names as (select * from {{ ref('product_event_names') }}),

event_type_mapping as (select * from {{ ref('event_type_mapping') }})

select product_event_names.raw_value
from product_event_names
left join event_type_mapping
    on lower(event_type_mapping.raw_value) = lower(product_event_names.raw_value)
    and event_type_mapping.value is not null
where event_type_mapping.value is null
