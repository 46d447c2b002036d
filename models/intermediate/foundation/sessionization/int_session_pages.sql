with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_activity as (select * from {{ ref('int_session_activity') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

checkout_paths as (select * from {{ ref('int_checkout_paths') }}),

checkout_pages as (select * from {{ ref('checkout_pages') }}),

-- The landing page of the session row belongs to the first piece. All other pages are the first or last one viewed.
session_addresses as (
    select
        session_bounds.session_id,
        coalesce(
            case when session_bounds.is_first_piece then stg_sessions.landing_page_url end,
            session_activity.landing_page_url
        ) as landing_page_url,
        session_activity.exit_page_url,
        session_activity.landing_page_type
    from session_bounds
    left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
    left join session_activity on session_activity.session_id = session_bounds.session_id
)

select
    session_addresses.session_id,
    landings.path as landing_page,
    exits.path as exit_page,
    coalesce(checkout_paths.page_kind, checkout_pages.page_kind) as landing_kind
from session_addresses
left join urls_parsed as landings on landings.url = session_addresses.landing_page_url
left join urls_parsed as exits on exits.url = session_addresses.exit_page_url
left join checkout_paths on checkout_paths.path = landings.path
left join checkout_pages on checkout_pages.page_type = session_addresses.landing_page_type
