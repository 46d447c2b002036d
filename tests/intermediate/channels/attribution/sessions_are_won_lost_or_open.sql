-- A session on no path would be missing from attribution; a session on a lost path and on an order's would count twice.
with

session_conversions as (select * from {{ ref('int_session_conversions') }}),

touchpoints as (select * from {{ ref('int_touchpoints') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

session_paths as (
    select
        session_id,
        count(order_id) as orders,
        count(*) - count(order_id) as lost_paths
    from touchpoints
    group by session_id
),

-- A session older than the window is still open if a later session of its journey is.
open_ends as (
    select
        session_conversions.person_id,
        session_conversions.earlier_orders,
        max(session_conversions.started_at) as last_started_at
    from session_conversions
    group by session_conversions.person_id, session_conversions.earlier_orders
)

select
    session_conversions.session_id,
    session_paths.orders,
    session_paths.lost_paths
from session_conversions
inner join open_ends
    on open_ends.person_id = session_conversions.person_id
    and open_ends.earlier_orders = session_conversions.earlier_orders
cross join stg_run_period
left join session_paths on session_paths.session_id = session_conversions.session_id
where
    (session_paths.orders > 0 and session_paths.lost_paths > 0)
    or session_paths.lost_paths > 1
    or (
        session_paths.session_id is null
        and {{ dbt.dateadd('day', var('attribution_window_days', 30), 'open_ends.last_started_at') }}
        < stg_run_period.as_of_end_at
    )
