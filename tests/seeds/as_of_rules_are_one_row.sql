-- Without its one row no day would count, and every row of the shop would wait in quarantine.
with

as_of_rules as (select * from {{ ref('as_of_rules') }})

select
    count(*) as rules,
    min(min_day_share) as min_day_share,
    min(silence_gaps) as silence_gaps,
    min(stray_day_share) as stray_day_share,
    min(long_silence_days) as long_silence_days,
    'expected one row; shares from 0 to 1, the other numbers 1 or more' as what_is_wrong
from as_of_rules
having
    count(*) <> 1
    or coalesce(min(min_day_share) not between 0 and 1, true)
    or coalesce(min(stray_day_share) not between 0 and 1, true)
    or coalesce(min(silence_gaps) < 1, true)
    or coalesce(min(long_silence_days) < 1, true)
