-- Every page view has one next page, and every session with page views has one entry and one exit. Otherwise
-- transitions are lost.
with

page_paths as (select * from {{ ref('page_paths') }}),

sessions as (select * from {{ ref('sessions') }}),

move_totals as (
    select
        month,
        sum(case when from_page_type = 'entry' then transitions else 0 end) as entries,
        sum(case when from_page_type = 'entry' then 0 else transitions end) as views_left,
        sum(exits) as exits
    from page_paths
    group by month
),

session_totals as (
    select
        session_month as month,
        count(case when page_views > 0 then 1 end) as viewing_sessions,
        sum(page_views) as page_views
    from sessions
    where not is_bot
    group by session_month
)

select
    session_totals.month,
    session_totals.viewing_sessions,
    session_totals.page_views,
    move_totals.entries,
    move_totals.views_left,
    move_totals.exits
from session_totals
left join move_totals on move_totals.month = session_totals.month
where
    coalesce(move_totals.entries, 0) <> session_totals.viewing_sessions
    or coalesce(move_totals.exits, 0) <> session_totals.viewing_sessions
    or coalesce(move_totals.views_left, 0) <> coalesce(session_totals.page_views, 0)
