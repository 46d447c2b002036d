with

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

stg_sessions as (select * from {{ ref('stg_sessions') }}),

marketing_spend_tagged as (select * from {{ ref('int_marketing_spend_tagged') }}),

signup_sources as (select * from {{ ref('int_signup_sources') }}),

click_id_parameters as (select * from {{ ref('click_id_parameters') }}),

names as (
    select host as source from urls_parsed where host is not null
    union
    select lower(utm_source) as source from urls_parsed where utm_source is not null
    union
    select {{ source_tag('utm_source') }} as source from stg_sessions where utm_source is not null
    union
    select source from marketing_spend_tagged
    union
    select source from signup_sources
    union
    select source from click_id_parameters
),

sites as (
    select
        source,
        case when contains(source, '.') then {{ host_site('source') }} end as site
    from names
    where source is not null
)

-- `google` stands for google.com, www.google.co.uk and m.google.de, but not for docs.google.com: other services of a
-- search company do not count as search. Other categories include every subdomain.
select
    source,
    site,
    regexp_extract(site, '^([^.]+)', 1) as site_name,
    {{ matches_pattern(
        'substr(source, 1, length(source) - length(site))',
        "'(?:(?:www[0-9]?|m|wap|mobile|search|images?|news|ntp|[a-z]{2})[.])*'"
    ) }} as is_front_page
from sites
