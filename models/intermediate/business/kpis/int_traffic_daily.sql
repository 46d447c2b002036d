with

sessions as (
    select * from {{ ref('int_sessions') }}
)

select
    session_date as date,
    count(*) as sessions,
    count(*) filter (where orders > 0) as converting_sessions
from sessions
where not is_bot
group by session_date
