with

traffic_source_names as (select * from {{ ref('int_traffic_source_names') }}),

traffic_source_categories as (select * from {{ ref('traffic_source_categories') }}),

payment_gateway_domains as (select * from {{ ref('payment_gateway_domains') }}),

-- The closest entry decides: the source itself, then the longest domain above it, then the name of its site.
ranked_categories as (
    select
        traffic_source_names.source,
        traffic_source_categories.site,
        traffic_source_categories.source_category,
        row_number() over (
            partition by traffic_source_names.source
            order by
                case
                    when traffic_source_categories.site = traffic_source_names.source then 1
                    when contains(traffic_source_categories.site, '.') then 2
                    else 3
                end,
                length(traffic_source_categories.site) desc,
                traffic_source_categories.site
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

payment_gateways as (
    select distinct traffic_source_names.source
    from traffic_source_names
    inner join payment_gateway_domains
        on payment_gateway_domains.domain = traffic_source_names.source
        or {{ lies_under('traffic_source_names.source', 'payment_gateway_domains.domain') }}
)

select
    traffic_source_names.source,
    case
        when ranked_categories.source_category = 'search' then ranked_categories.site
        else traffic_source_names.source
    end as source_name,
    ranked_categories.source_category,
    payment_gateways.source is not null as is_payment_gateway
from traffic_source_names
left join ranked_categories
    on ranked_categories.source = traffic_source_names.source
    and ranked_categories.category_rank = 1
left join payment_gateways on payment_gateways.source = traffic_source_names.source
