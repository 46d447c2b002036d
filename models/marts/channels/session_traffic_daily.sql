{%- set dimensions = ['platform', 'device_type', 'operating_system', 'region'] -%}
with

sessions as (select * from {{ ref('sessions') }}),

human_sessions as (
    select
        session_date as date,
        channel,
        source,
        medium,
        campaign,
        {%- for dimension in dimensions %}
        coalesce({{ dimension }}, 'unknown') as {{ dimension }},
        {%- endfor %}
        case when is_new_visitor then 'new' else 'returning' end as visitor_type,
        page_views,
        duration_seconds,
        orders,
        net_revenue,
        is_bounce,
        is_engaged,
        is_new_visitor
    from sessions
    where not is_bot
)

select
    date,
    channel,
    source,
    medium,
    campaign,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    visitor_type,
    count(*) as sessions,
    count(page_views) as measured_sessions,
    count(*) filter (where is_new_visitor) as new_visitors,
    count(*) filter (where is_bounce) as bounces,
    count(*) filter (where is_engaged) as engaged_sessions,
    count(*) filter (where orders > 0) as converting_sessions,
    cast(coalesce(sum(page_views), 0) as bigint) as page_views,
    cast(coalesce(sum(duration_seconds), 0) as bigint) as duration_seconds,
    cast(sum(orders) as bigint) as orders,
    cast(sum(net_revenue) as decimal(18, 2)) as net_revenue
from human_sessions
group by
    date, channel, source, medium, campaign, {{ dimensions | join(', ') }}, visitor_type
