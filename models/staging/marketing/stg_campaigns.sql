with

base_campaigns as (select * from {{ ref('base_campaigns') }})

select
    base_campaigns.campaign_id,
    base_campaigns.campaign_name,
    base_campaigns.subject,
    base_campaigns.campaign_type,
    base_campaigns.objective,
    base_campaigns.started_at,
    base_campaigns.ended_at,
    base_campaigns.cost,
    base_campaigns.currency
from base_campaigns
where base_campaigns.is_current
