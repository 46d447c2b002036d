with

people_events as (
    select * from {{ ref('int_people_events') }}
)

select
    event_date as date,
    count(*) filter (where event_type = 'login') as logins,
    count(*) filter (where event_type = 'add_to_wishlist') as wishlists,
    count(*) filter (where event_type = 'follow') as follows,
    count(*) filter (where event_type = 'share') as shares
from people_events
group by event_date
