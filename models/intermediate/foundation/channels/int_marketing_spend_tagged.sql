with

stg_marketing_spend as (select * from {{ ref('stg_marketing_spend') }}),

cleaned as (
    select
        spend_date,
        platform,
        utm_source,
        utm_medium,
        utm_campaign,
        {{ source_tag('utm_source') }} as tagged_source,
        {{ source_tag('utm_medium') }} as tagged_medium,
        {{ source_tag('utm_campaign') }} as tagged_campaign,
        cost_type,
        currency,
        spend,
        impressions,
        clicks,
        claimed_conversions,
        claimed_revenue
    from stg_marketing_spend
)

select
    platform,
    utm_source,
    utm_medium,
    utm_campaign,
    cost_type,
    currency,
    coalesce(
        tagged_source, case when coalesce(tagged_medium, tagged_campaign) is null then '(direct)' else '(not set)' end
    ) as source,
    coalesce(
        tagged_medium, case when coalesce(tagged_source, tagged_campaign) is null then '(none)' else '(not set)' end
    ) as medium,
    coalesce(tagged_campaign, '(not set)') as campaign,
    spend,
    impressions,
    clicks,
    claimed_conversions,
    claimed_revenue,
    spend_date
from cleaned
