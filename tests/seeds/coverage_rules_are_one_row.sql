-- Without its one row no day would be covered, and every rate over two inputs would be null.
with

coverage_rules as (select * from {{ ref('coverage_rules') }})

select
    count(*) as rules,
    min(usual_gap_share) as usual_gap_share,
    min(fewest_gaps) as fewest_gaps,
    min(longest_gap_days) as longest_gap_days,
    min(most_outages) as most_outages,
    min(rare_gap_share) as rare_gap_share,
    min(outage_spreads) as outage_spreads,
    min(shortest_outage_days) as shortest_outage_days,
    'expected one row; shares from 0 to 1, days and spreads of 1 or more, outages of 0 or more' as what_is_wrong
from coverage_rules
having
    count(*) <> 1
    or coalesce(min(usual_gap_share) not between 0 and 1, true)
    or coalesce(min(fewest_gaps) < 1, true)
    or coalesce(min(longest_gap_days) < 1, true)
    or coalesce(min(most_outages) < 0, true)
    or coalesce(min(rare_gap_share) not between 0 and 1, true)
    or coalesce(min(outage_spreads) < 1, true)
    or coalesce(min(shortest_outage_days) < 1, true)
