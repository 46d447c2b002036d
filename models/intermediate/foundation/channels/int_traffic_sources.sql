with

traffic_source_names as (select * from {{ ref('int_traffic_source_names') }}),

traffic_source_categories as (select * from {{ ref('traffic_source_categories') }}),

payment_gateway_domains as (select * from {{ ref('payment_gateway_domains') }}),

own_domains as (select * from {{ ref('own_domains') }}),

sign_in_pages as (select * from {{ ref('sign_in_pages') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

-- The longest entry is the closest and decides: the source itself, then a domain above it, then the name of its site,
-- which is only the first part of a registered domain.
ranked_categories as (
    select
        traffic_source_names.source,
        traffic_source_categories.site,
        traffic_source_categories.source_category,
        row_number() over (
            partition by traffic_source_names.source
            order by length(traffic_source_categories.site) desc, traffic_source_categories.site
        ) as category_rank
    from traffic_source_names
    inner join traffic_source_categories
        on traffic_source_categories.site = traffic_source_names.source
        or {{ lies_under('traffic_source_names.source', 'traffic_source_categories.site') }}
        or (
            traffic_source_categories.site = traffic_source_names.site_name
            and (traffic_source_names.is_front_page or traffic_source_categories.source_category <> 'search')
        )
),

return_domains as (
    select domain from payment_gateway_domains
    union
    select domain from own_domains
    union
    select domain from sign_in_pages where coalesce(path_pattern, '') = ''
),

-- A search engine or a social site that was seen as a page (a cached copy, a post) is not the shop's own.
own_hosts as (
    select distinct urls_parsed.host
    from urls_parsed
    left join ranked_categories on ranked_categories.source = urls_parsed.host
    where urls_parsed.is_own_page and ranked_categories.source is null
),

return_sites as (
    select traffic_source_names.source
    from traffic_source_names
    inner join return_domains
        on return_domains.domain = traffic_source_names.source
        or {{ lies_under('traffic_source_names.source', 'return_domains.domain') }}
    union
    select traffic_source_names.source
    from traffic_source_names
    inner join own_hosts on own_hosts.host = traffic_source_names.source
    union
    select traffic_source_names.source
    from traffic_source_names
    inner join own_hosts on own_hosts.host = traffic_source_names.site
)

select
    traffic_source_names.source,
    case
        when ranked_categories.source_category = 'search' then ranked_categories.site
        else traffic_source_names.source
    end as source_name,
    ranked_categories.source_category,
    return_sites.source is not null as is_return_site
from traffic_source_names
left join ranked_categories
    on ranked_categories.source = traffic_source_names.source
    and ranked_categories.category_rank = 1
left join return_sites on return_sites.source = traffic_source_names.source
