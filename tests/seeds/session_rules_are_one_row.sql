-- Without its one row no session would be engaged; with two rows every session would count twice.
with

session_rules as (select * from {{ ref('session_rules') }})

select
    count(*) as rules,
    min(engaged_page_views) as engaged_page_views,
    min(engaged_seconds) as engaged_seconds,
    min(intent_page_views) as intent_page_views,
    min(same_view_seconds) as same_view_seconds,
    'expected one row of whole numbers, 1 or more (same_view_seconds: 0 or more)' as what_is_wrong
from session_rules
having
    count(*) <> 1
    or coalesce(min(engaged_page_views) < 1, true)
    or coalesce(min(engaged_seconds) < 1, true)
    or coalesce(min(intent_page_views) < 1, true)
    or coalesce(min(same_view_seconds) < 0, true)
