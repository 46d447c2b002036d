-- Without its one row no new customer would be counted; with two rows each would count twice.
with

acquisition_rules as (select * from {{ ref('acquisition_rules') }})

select
    count(*) as rules,
    min(new_visitor_days) as new_visitor_days,
    min(retention_days) as retention_days,
    'expected one row of whole numbers, 1 or more' as what_is_wrong
from acquisition_rules
having
    count(*) <> 1
    or coalesce(min(new_visitor_days) < 1, true)
    or coalesce(min(retention_days) < 1, true)
