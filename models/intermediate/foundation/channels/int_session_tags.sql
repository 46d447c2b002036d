{%- set arrival_columns = [
    'referrer_url', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term', 'click_id'
] -%}
with

session_bounds as (
    select * from {{ ref('int_session_bounds') }}
),

session_activity as (
    select * from {{ ref('int_session_activity') }}
),

stg_sessions as (
    select * from {{ ref('stg_sessions') }}
),

urls_parsed as (
    select * from {{ ref('int_urls_parsed') }}
),

click_ids as (
    select * from {{ ref('int_click_ids') }}
),

-- Only the first piece of a session that was cut arrived from somewhere; where it arrived is the first address that is
-- known.
addresses as (
    select
        session_bounds.session_id,
        stg_sessions.platform,
        {%- for column in arrival_columns %}
        case when session_bounds.is_first_piece then stg_sessions.{{ column }} end as {{ column }},
        {%- endfor %}
        case
            when session_bounds.is_first_piece
                then coalesce(stg_sessions.landing_page_url, session_activity.arrival_url)
        end as arrival_url
    from session_bounds
    left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
    left join session_activity on session_activity.session_id = session_bounds.session_id
)

select
    addresses.session_id,
    addresses.platform,
    addresses.referrer_url,
    landings.site as landing_site,
    coalesce({{ source_tag('addresses.utm_source') }}, lower(landings.utm_source)) as tagged_source,
    coalesce({{ source_tag('addresses.utm_medium') }}, lower(landings.utm_medium)) as tagged_medium,
    coalesce({{ source_tag('addresses.utm_campaign') }}, lower(landings.utm_campaign)) as tagged_campaign,
    coalesce(addresses.utm_content, landings.utm_content) as content,
    coalesce(addresses.utm_term, landings.utm_term) as term,
    coalesce(landings.click_id, click_ids.parameter) as click_id
from addresses
left join urls_parsed as landings on landings.url = addresses.arrival_url
left join click_ids on click_ids.click_id = addresses.click_id
