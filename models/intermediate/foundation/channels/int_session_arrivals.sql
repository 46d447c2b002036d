{%- set is_outweighed -%}
    coalesce(click_id_parameters.is_paid, false) and {{ says_nothing('landed_sessions', 'click_id_parameters.source') }}
{%- endset -%}
with

session_bounds as (select * from {{ ref('int_session_bounds') }}),

session_activity as (select * from {{ ref('int_session_activity') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

click_ids as (select * from {{ ref('int_click_ids') }}),

click_id_parameters as (select * from {{ ref('click_id_parameters') }}),

traffic_sources as (select * from {{ ref('int_traffic_sources') }}),

sign_in_pages as (select * from {{ ref('sign_in_pages') }}),

-- Only the first piece of a cut session has a source.
landed_sessions as (
    select
        session_bounds.session_id,
        coalesce({{ source_tag('stg_sessions.utm_source') }}, lower(landings.utm_source)) as source,
        coalesce({{ source_tag('stg_sessions.utm_medium') }}, lower(landings.utm_medium)) as medium,
        coalesce({{ source_tag('stg_sessions.utm_campaign') }}, lower(landings.utm_campaign)) as campaign,
        coalesce(stg_sessions.utm_content, landings.utm_content) as content,
        coalesce(stg_sessions.utm_term, landings.utm_term) as term,
        coalesce(landings.click_id, click_ids.parameter) as click_id,
        referrers.host as referrer_host,
        coalesce(
            referrers.site = landings.site or sign_in_pages.domain is not null or traffic_sources.is_return_site, false
        ) as is_return
    from session_bounds
    left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
    left join session_activity on session_activity.session_id = session_bounds.session_id
    left join urls_parsed as landings
        on landings.url = coalesce(stg_sessions.landing_page_url, session_activity.arrival_url)
    left join urls_parsed as referrers on referrers.url = stg_sessions.referrer_url
    left join traffic_sources on traffic_sources.source = referrers.host
    left join sign_in_pages
        on sign_in_pages.domain = referrers.host
        and {{ matches_pattern('lower(referrers.path)', 'sign_in_pages.path_pattern') }}
    left join click_ids on click_ids.click_id = stg_sessions.click_id
    where session_bounds.is_first_piece
),

-- A paid click id beats tags that say nothing, never a campaign's own tags.
tagged_sessions as (
    select
        landed_sessions.session_id,
        {%- for tag in ['source', 'medium', 'campaign'] %}
        case when not ({{ is_outweighed }}) then landed_sessions.{{ tag }} end as {{ tag }},
        {%- endfor %}
        landed_sessions.content, landed_sessions.term, landed_sessions.click_id,
        click_id_parameters.source as click_source, click_id_parameters.medium as click_medium,
        case when not landed_sessions.is_return then landed_sessions.referrer_host end as referrer_host,
        landed_sessions.is_return
    from landed_sessions
    left join click_id_parameters on click_id_parameters.parameter = landed_sessions.click_id
)

-- A visit that returns from the shop's own site, a payment gateway or a sign-in page has no source.
select
    session_bounds.session_id,
    coalesce(
        tagged_sessions.source, tagged_sessions.click_source, traffic_sources.source_name,
        case
            when coalesce(tagged_sessions.medium, tagged_sessions.campaign, tagged_sessions.click_id) is not null
                then '(not set)'
        end,
        '(direct)'
    ) as source,
    coalesce(
        tagged_sessions.medium,
        case
            when tagged_sessions.source = '(direct)' then '(none)'
            when tagged_sessions.source <> coalesce(tagged_sessions.click_source, '') then '(not set)'
            when tagged_sessions.source is null and tagged_sessions.click_id = 'unknown' then 'cpc'
            else tagged_sessions.click_medium
        end,
        case
            when traffic_sources.source_category = 'search' then 'organic'
            when traffic_sources.source is not null then 'referral'
            when tagged_sessions.campaign is null then '(none)'
            else '(not set)'
        end
    ) as medium,
    coalesce(tagged_sessions.campaign, '(not set)') as campaign,
    tagged_sessions.content, tagged_sessions.term,
    coalesce(traffic_sources.source, '') as referrer_host,
    coalesce(tagged_sessions.click_id, '') as click_id,
    coalesce(stg_sessions.platform, '') as platform,
    coalesce(tagged_sessions.is_return, false) as is_return
from session_bounds
left join stg_sessions on stg_sessions.session_id = session_bounds.given_session_id
left join tagged_sessions on tagged_sessions.session_id = session_bounds.session_id
left join traffic_sources on traffic_sources.source = tagged_sessions.referrer_host
