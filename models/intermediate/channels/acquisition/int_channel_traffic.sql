with

int_sessions as (select * from {{ ref('int_sessions') }})

select
    {{ period_of('session_month') }} as period,
    channel,
    count(*) as sessions,
    count(distinct visitor_id) as visitors,
    count(*) filter (where is_new_visitor) as new_visitors,
    count(*) filter (where is_bounce) as bounces,
    count(*) filter (where is_bounce is not null) as sessions_with_pages,
    count(*) filter (where orders > 0) as converting_sessions,
    count(orders) as sessions_on_common_days,
    session_month as month
from int_sessions
where not is_bot
group by grouping sets ((session_month, channel), (channel))
