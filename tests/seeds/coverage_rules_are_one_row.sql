-- Without its one row no day would be covered, and every rate over two inputs would be null.
with

coverage_rules as (select * from {{ ref('coverage_rules') }})

select
    count(*) as rules,
    min(usual_gap_share) as usual_gap_share,
    min(fewest_gaps) as fewest_gaps,
    min(longest_gap_days) as longest_gap_days,
    'expected one row; a share from 0 to 1, days of 1 or more' as what_is_wrong
from coverage_rules
having
    count(*) <> 1
    or coalesce(min(usual_gap_share) not between 0 and 1, true)
    or coalesce(min(fewest_gaps) < 1, true)
    or coalesce(min(longest_gap_days) < 1, true)
