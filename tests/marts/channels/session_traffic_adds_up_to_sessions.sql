-- Sums over any dimension must equal the sums over sessions.
with

session_traffic_daily as (select * from {{ ref('session_traffic_daily') }}),

sessions as (select * from {{ ref('sessions') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

traffic_totals as (
    select
        date,
        sum(sessions) as sessions,
        sum(new_visitors) as new_visitors,
        sum(bounces) as bounces,
        sum(page_views) as page_views,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue
    from session_traffic_daily
    group by date
),

session_totals as (
    select
        sessions.session_date as date,
        count(*) as sessions,
        count(*) filter (where sessions.is_new_visitor) as new_visitors,
        {{ zero_if_landed(
            'count(*) filter (where sessions.is_bounce)', 'bool_or(inputs_present.has_events)'
        ) }} as bounces,
        {{ zero_if_landed('sum(sessions.page_views)', 'bool_or(inputs_present.has_events)') }} as page_views,
        sum(sessions.orders) as orders,
        sum(sessions.net_revenue) as net_revenue
    from sessions
    cross join inputs_present
    where not sessions.is_bot
    group by sessions.session_date
)

select coalesce(traffic_totals.date, session_totals.date) as date
from traffic_totals
full outer join session_totals on session_totals.date = traffic_totals.date
where
    {%- for measure in ['sessions', 'new_visitors', 'bounces', 'page_views', 'orders', 'net_revenue'] %}
    traffic_totals.{{ measure }} is distinct from session_totals.{{ measure }}{{ " or" if not loop.last }}
    {%- endfor %}
