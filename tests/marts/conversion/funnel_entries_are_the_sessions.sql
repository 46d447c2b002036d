-- The entries of a day are its sessions without bots. Otherwise every rate of the funnel has the wrong base.
with

funnel_daily as (select * from {{ ref('funnel_daily') }}),

sessions as (select * from {{ ref('sessions') }}),

funnel_totals as (
    select date, sum(reached) as reached
    from funnel_daily
    where funnel = 'purchase' and step_number = 1
    group by date
),

session_totals as (
    select session_date as date, count(*) as sessions
    from sessions
    where not is_bot
    group by session_date
)

select
    coalesce(funnel_totals.date, session_totals.date) as date,
    funnel_totals.reached,
    session_totals.sessions
from funnel_totals
full outer join session_totals on session_totals.date = funnel_totals.date
where funnel_totals.reached is distinct from session_totals.sessions
