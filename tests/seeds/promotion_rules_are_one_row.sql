-- promotion_rules is one row, with comparison days of whole weeks. Otherwise some weekdays have no days to compare
-- with.
with

promotion_rules as (select * from {{ ref('promotion_rules') }})

select
    count(*) as rules,
    min(comparison_days) as comparison_days,
    min(after_days) as after_days,
    min(max_days) as max_days,
    'expected one row, comparison_days a multiple of 7, after_days and max_days 1 or more' as what_is_wrong
from promotion_rules
having
    count(*) <> 1
    or coalesce(min(comparison_days), 0) < 7
    or min(comparison_days) % 7 <> 0
    or coalesce(min(after_days), 0) < 1
    or coalesce(min(max_days), 0) < 1
