-- Without its one row no recent visit, cart or brand would be measured; with two rows each customer would count twice.
with

tag_measure_rules as (select * from {{ ref('tag_measure_rules') }})

select
    count(*) as rules,
    min(recent_days) as recent_days,
    min(brand_orders_from) as brand_orders_from,
    'expected one row with values of 1 or more' as what_is_wrong
from tag_measure_rules
having
    count(*) <> 1
    or coalesce(min(recent_days) < 1, true)
    or coalesce(min(brand_orders_from) < 1, true)
