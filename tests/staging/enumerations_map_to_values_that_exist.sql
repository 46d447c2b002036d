-- A mapping onto a misspelt value (`femal`, `add_to_chart`) takes its rows out of every segment and funnel that asks
-- for the right one. A value that exists is one that is mapped to itself.
with

mappings as (
    select
        enumeration,
        raw_value,
        value
    from {{ ref('enumerations') }}
    union all
    select
        'event_type' as enumeration,
        raw_value,
        value
    from {{ ref('event_type_mapping') }}
    union all
    select
        'order_status' as enumeration,
        raw_value,
        value
    from {{ ref('order_status_mapping') }}
)

select
    mappings.enumeration,
    mappings.raw_value,
    mappings.value
from mappings
left join mappings as own_mapping
    on own_mapping.enumeration = mappings.enumeration and own_mapping.raw_value = mappings.value
where
    mappings.value is not null
    and own_mapping.value is distinct from mappings.value
