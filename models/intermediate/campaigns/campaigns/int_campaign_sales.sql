with

campaign_orders as (
    select * from {{ ref('int_campaign_orders') }}
)

select
    campaign_orders.campaign_id,
    count(*) as orders,
    count(distinct campaign_orders.customer_id) as customers,
    {{ costed_orders('campaign_orders') }} as costed_orders,
    {{ money('sum(campaign_orders.net_revenue)') }} as net_revenue,
    {{ money('sum(campaign_orders.covered_net_revenue)') }} as covered_net_revenue,
    {{ money('sum(campaign_orders.covered_gross_margin)') }} as covered_gross_margin
from campaign_orders
group by campaign_orders.campaign_id
