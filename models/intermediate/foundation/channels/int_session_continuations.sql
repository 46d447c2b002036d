{%- set timeout = 2 * var('session_timeout_minutes', 30) -%}
with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_arrivals as (select * from {{ ref('int_session_arrivals') }}),

session_activity as (select * from {{ ref('int_session_activity') }}),

session_pages as (select * from {{ ref('int_session_pages') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

traffic_sources as (select * from {{ ref('int_traffic_sources') }}),

checkout_pages as (select * from {{ ref('checkout_pages') }}),

checkout_moments as (select * from {{ ref('int_checkout_moments') }}),

-- Tools also write the referrer into the tags. A search engine is never only passed through.
untagged_arrivals as (
    select
        session_bounds.session_id,
        session_bounds.visitor_id,
        session_bounds.visitor_session_number,
        session_bounds.is_first_piece,
        session_bounds.has_events,
        session_arrivals.click_id = ''
        and (
            (
                session_arrivals.is_return
                and session_arrivals.source in ('(direct)', 'direct')
                and session_arrivals.medium in ('(none)', 'none', '(not set)')
            )
            or (session_arrivals.medium = 'referral' and coalesce(traffic_sources.is_return_site, false))
        ) as is_return,
        session_arrivals.click_id = ''
        and session_arrivals.medium = 'referral'
        and session_arrivals.campaign in ('(not set)', '(referral)', 'referral')
        and contains(session_arrivals.source, '.')
        and coalesce(traffic_sources.source_category, '') <> 'search' as is_referral,
        session_bounds.started_at,
        lag(coalesce(session_bounds.ended_at, session_bounds.started_at)) over (
            partition by session_bounds.visitor_id order by session_bounds.visitor_session_number
        ) as previous_ended_at
    from session_bounds
    inner join session_arrivals on session_arrivals.session_id = session_bounds.session_id
    left join traffic_sources on traffic_sources.source = session_arrivals.source
),

resumed_checkouts as (
    select distinct untagged_arrivals.session_id
    from untagged_arrivals
    inner join checkout_moments on checkout_moments.visitor_id = untagged_arrivals.visitor_id
    where
        untagged_arrivals.is_referral
        and checkout_moments.moment < untagged_arrivals.started_at
        and checkout_moments.moment >= {{ dbt.dateadd('minute', -timeout, 'untagged_arrivals.started_at') }}
),

ordering_sessions as (
    select distinct session_id from order_sessions
),

reasons as (
    select
        untagged_arrivals.session_id,
        case
            when not untagged_arrivals.is_first_piece then 'later_piece'
            when untagged_arrivals.is_return then 'return_site'
            when not untagged_arrivals.is_referral then null
            when resumed_checkouts.session_id is not null then 'resumed_checkout'
            -- A first visit that another site sends straight to the checkout is an arrival.
            when
                checkout_pages.is_landing
                and (session_pages.landing_kind <> 'checkout' or untagged_arrivals.visitor_session_number > 1)
                then 'checkout_landing'
            when
                untagged_arrivals.started_at
                <= {{ dbt.dateadd('minute', timeout, 'untagged_arrivals.previous_ended_at') }}
                and (
                    session_pages.landing_kind = 'sign_in'
                    or session_activity.is_return_landing
                    or (not untagged_arrivals.has_events and ordering_sessions.session_id is not null)
                )
                then 'resumed_visit'
        end as reason
    from untagged_arrivals
    left join resumed_checkouts on resumed_checkouts.session_id = untagged_arrivals.session_id
    left join session_activity on session_activity.session_id = untagged_arrivals.session_id
    left join session_pages on session_pages.session_id = untagged_arrivals.session_id
    left join checkout_pages on checkout_pages.page_kind = session_pages.landing_kind
    left join ordering_sessions on ordering_sessions.session_id = untagged_arrivals.session_id
)

select
    session_id,
    reason
from reasons
where reason is not null
