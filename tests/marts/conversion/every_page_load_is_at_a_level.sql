-- Every page view with a load time is an exposure at one level, in every month.
with

friction_factors as (select * from {{ ref('friction_factors') }}),

visit_events as (select * from {{ ref('int_visit_events') }}),

counted_loads as (
    select month, sum(exposures) as exposures
    from friction_factors
    where factor = 'page_load'
    group by month
),

loads as (
    select session_month as month, count(*) as loads
    from visit_events
    where is_page_view and page_load_ms >= 0
    group by session_month
)

select
    coalesce(loads.month, counted_loads.month) as month,
    loads.loads,
    counted_loads.exposures
from loads
full outer join counted_loads on counted_loads.month = loads.month
where loads.loads is distinct from counted_loads.exposures
