-- `shopper doctor` prints <decide: ...> for a name that it does not know. Pasted as it is, it would become a value of
-- its own: orders with such a status would be in no revenue.
with

enumerations as (select * from {{ ref('enumerations') }}),

event_type_mapping as (select * from {{ ref('event_type_mapping') }}),

order_status_mapping as (select * from {{ ref('order_status_mapping') }}),

mapped_values as (
    select enumeration, raw_value, value from enumerations
    union all
    select 'event_type' as enumeration, raw_value, value from event_type_mapping
    union all
    select 'order_status' as enumeration, raw_value, value from order_status_mapping
)

select *
from mapped_values
where position('<' in value) > 0
