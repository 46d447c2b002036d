-- There is exactly one valid row: two would double every product's demand, and a length of 0 would divide by zero.
with

stock_rules as (select * from {{ ref('stock_rules') }})

select
    count(*) as rules,
    'expected one row with whole numbers of days above 0' as what_is_wrong
from stock_rules
having
    count(*) <> 1
    or coalesce(min(least(recent_days, snapshot_valid_days, repurchase_days, furthest_reorder_days)), 0) < 1
    or count(recent_days) + count(snapshot_valid_days) + count(repurchase_days) + count(furthest_reorder_days) <> 4
