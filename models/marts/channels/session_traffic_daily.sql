{%- set dimensions = ['platform', 'device_type', 'operating_system', 'region'] -%}
with

sessions as (select * from {{ ref('sessions') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

human_sessions as (
    select
        sessions.session_date as date,
        sessions.channel,
        sessions.source,
        sessions.medium,
        sessions.campaign,
        {%- for dimension in dimensions %}
        coalesce(sessions.{{ dimension }}, 'unknown') as {{ dimension }},
        {%- endfor %}
        case when sessions.is_new_visitor then 'new' else 'returning' end as visitor_type,
        sessions.page_views,
        sessions.duration_seconds,
        sessions.orders,
        sessions.net_revenue,
        sessions.is_bounce,
        sessions.is_engaged,
        sessions.is_new_visitor,
        inputs_present.has_events
    from sessions
    cross join inputs_present
    where not sessions.is_bot
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
    {{ zero_if_landed('count(*) filter (where is_bounce)', 'bool_or(has_events)') }} as bounces,
    {{ known_count('is_engaged') }} as engaged_sessions,
    {{ known_count('orders > 0') }} as converting_sessions,
    cast({{ zero_if_landed('sum(page_views)', 'bool_or(has_events)') }} as bigint) as page_views,
    cast({{ zero_if_landed('sum(duration_seconds)', 'bool_or(has_events)') }} as bigint) as duration_seconds,
    cast(sum(orders) as bigint) as orders,
    cast(sum(net_revenue) as decimal(18, 2)) as net_revenue
from human_sessions
group by
    date, channel, source, medium, campaign, {{ dimensions | join(', ') }}, visitor_type
