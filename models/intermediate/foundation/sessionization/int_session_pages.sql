with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_activity as (select * from {{ ref('int_session_activity') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

-- The landing page of the session row belongs to the first piece. All other pages are the first or last one viewed.
addresses as (
    select
        session_bounds.session_id,
        coalesce(
            case when session_bounds.is_first_piece then stg_sessions.landing_page_url end,
            session_activity.landing_page_url
        ) as landing_page_url,
        session_activity.exit_page_url
    from session_bounds
    left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
    left join session_activity on session_activity.session_id = session_bounds.session_id
)

select
    addresses.session_id,
    landings.path as landing_page,
    exits.path as exit_page
from addresses
left join urls_parsed as landings on landings.url = addresses.landing_page_url
left join urls_parsed as exits on exits.url = addresses.exit_page_url
