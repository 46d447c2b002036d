with

session_tags as (
    select * from {{ ref('int_session_tags') }}
),

urls_parsed as (
    select * from {{ ref('int_urls_parsed') }}
),

click_id_parameters as (
    select * from {{ ref('click_id_parameters') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources') }}
),

-- Coming from a page of one's own or back from paying is going on, not arriving.
referrers as (
    select
        session_tags.session_id,
        urls_parsed.host as referrer_host,
        case when traffic_sources.source_category = 'search' then 'organic' else 'referral' end as referrer_medium,
        traffic_sources.source_name as referrer_source
    from session_tags
    inner join urls_parsed on urls_parsed.url = session_tags.referrer_url
    inner join traffic_sources on traffic_sources.source = urls_parsed.host
    where
        not traffic_sources.is_payment_gateway
        and urls_parsed.site is distinct from session_tags.landing_site
)

select
    session_tags.session_id,
    coalesce(
        session_tags.tagged_source,
        click_id_parameters.source,
        referrers.referrer_source,
        case
            when coalesce(session_tags.tagged_medium, session_tags.tagged_campaign, session_tags.click_id) is null
                then '(direct)'
            else '(not set)'
        end
    ) as source,
    coalesce(
        session_tags.tagged_medium,
        case
            when session_tags.tagged_source = '(direct)' then '(none)'
            when session_tags.tagged_source = click_id_parameters.source then click_id_parameters.medium
            when session_tags.tagged_source is not null then '(not set)'
            when session_tags.click_id = 'unknown' then 'cpc'
            when session_tags.click_id is not null then click_id_parameters.medium
        end,
        referrers.referrer_medium,
        case when session_tags.tagged_campaign is null then '(none)' else '(not set)' end
    ) as medium,
    coalesce(session_tags.tagged_campaign, '(not set)') as campaign,
    session_tags.content,
    session_tags.term,
    coalesce(referrers.referrer_host, '') as referrer_host,
    coalesce(session_tags.click_id, '') as click_id,
    coalesce(session_tags.platform, '') as platform
from session_tags
left join referrers on referrers.session_id = session_tags.session_id
left join click_id_parameters on click_id_parameters.parameter = session_tags.click_id
