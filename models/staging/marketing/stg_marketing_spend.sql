with

base_marketing_spend as (select * from {{ ref('base_marketing_spend') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_marketing_spend.spend_date,
    base_marketing_spend.platform,
    base_marketing_spend.utm_source,
    base_marketing_spend.utm_medium,
    base_marketing_spend.utm_campaign,
    base_marketing_spend.cost_type,
    base_marketing_spend.spend,
    base_marketing_spend.currency,
    base_marketing_spend.impressions,
    base_marketing_spend.clicks,
    base_marketing_spend.claimed_conversions,
    base_marketing_spend.claimed_revenue
from base_marketing_spend
cross join stg_run_period
where
    base_marketing_spend.is_current
    and base_marketing_spend.spend_date <= stg_run_period.as_of_date
