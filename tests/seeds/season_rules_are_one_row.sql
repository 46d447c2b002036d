-- There must be exactly one valid row. Without it no scene would be suggested; with two rows the less strict one would
-- decide.
with

season_rules as (select * from {{ ref('season_rules') }})

select
    count(*) as rules,
    'expected one row with an index above 0 and orders of 1 or more' as what_is_wrong
from season_rules
having
    count(*) <> 1
    or coalesce(min(suggest_from_index), 0) <= 0
    or coalesce(min(suggest_from_orders), 0) < 1
