with

sessions as (select * from {{ ref('sessions') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

pages as (
    select
        sessions.session_month as month,
        coalesce(sessions.landing_page, 'unknown') as landing_page,
        sessions.channel,
        coalesce(lower(sessions.term), '(not set)') as utm_term,
        count(*) as sessions,
        count(sessions.is_bounce) as sessions_with_events,
        {{ known_count('case when inputs_present.has_events then coalesce(sessions.is_bounce, false) end') }}
            as bounces,
        {{ known_count(
            'case when inputs_present.has_events '
            ~ 'then sessions.is_bounce is not null and session_outcomes.last_cart_at is not null end'
        ) }} as cart_sessions,
        {{ known_count('sessions.orders > 0') }} as converting_sessions,
        nullif(count(sessions.orders), 0) as sessions_on_common_days,
        cast(sum(sessions.orders) as bigint) as orders,
        cast(sum(sessions.net_revenue) as decimal(18, 2)) as net_revenue
    from sessions
    inner join session_outcomes on session_outcomes.session_id = sessions.session_id
    cross join inputs_present
    where not sessions.is_bot
    group by
        sessions.session_month, sessions.channel,
        coalesce(sessions.landing_page, 'unknown'), coalesce(lower(sessions.term), '(not set)')
)

select
    month, landing_page, channel, utm_term, sessions, sessions_with_events, bounces,
    {{ rounded_ratio('bounces', 'sessions_with_events') }} as bounce_rate,
    cart_sessions,
    {{ rounded_ratio('cart_sessions', 'sessions_with_events') }} as add_to_cart_rate,
    converting_sessions, sessions_on_common_days,
    {{ rounded_ratio('converting_sessions', 'sessions_on_common_days') }} as conversion_rate,
    orders,
    net_revenue
from pages
