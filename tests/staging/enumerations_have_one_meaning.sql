-- Mappings are compared without case: a value that is listed as `Paid` and as `paid` doubles every order that has it.
with

mappings as (
    select
        enumeration,
        raw_value
    from {{ ref('enumerations') }}
    union all
    select
        'event_type' as enumeration,
        raw_value
    from {{ ref('event_type_mapping') }}
    union all
    select
        'order_status' as enumeration,
        raw_value
    from {{ ref('order_status_mapping') }}
)

select
    enumeration,
    lower(raw_value) as raw_value,
    count(*) as meanings
from mappings
group by enumeration, lower(raw_value)
having count(*) > 1
