-- Landing pages add up to all sessions without bots, their orders and their revenue to the cent.
with

landing_pages as (select * from {{ ref('landing_pages') }}),

sessions as (select * from {{ ref('sessions') }}),

page_totals as (
    select
        month,
        sum(sessions) as sessions,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue
    from landing_pages
    group by month
),

session_totals as (
    select
        session_month as month,
        count(*) as sessions,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue
    from sessions
    where not is_bot
    group by session_month
)

select
    coalesce(session_totals.month, page_totals.month) as month,
    session_totals.sessions,
    page_totals.sessions as page_sessions,
    session_totals.net_revenue,
    page_totals.net_revenue as page_net_revenue
from session_totals
full outer join page_totals on page_totals.month = session_totals.month
where
    page_totals.sessions is distinct from session_totals.sessions
    or page_totals.orders is distinct from session_totals.orders
    or page_totals.net_revenue is distinct from session_totals.net_revenue
