{%- set has_attribution = 'message_tracking.has_clicks and inputs_present.has_orders' -%}
with

campaigns_costed as (select * from {{ ref('int_campaigns_costed') }}),

campaign_message_counts as (select * from {{ ref('int_campaign_message_counts') }}),

message_tracking as (select * from {{ ref('int_message_tracking') }}),

campaign_orders as (select * from {{ ref('int_campaign_orders') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

campaign_sales as (
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
)

-- A count is 0 if nothing happened, and null if the shop never lands such data.
select
    campaigns_costed.campaign_id,
    campaigns_costed.campaign_name,
    campaigns_costed.subject,
    campaigns_costed.campaign_type,
    campaigns_costed.objective,
    {{ zero_if_landed('campaign_message_counts.sent', 'message_tracking.has_messages') }} as sent,
    {{ zero_if_landed('campaign_message_counts.recipients', 'message_tracking.has_messages') }} as recipients,
    {{ zero_if_landed('campaign_message_counts.delivered', 'message_tracking.has_messages') }} as delivered,
    {{ zero_if_landed('campaign_message_counts.bounced', 'message_tracking.has_bounces') }} as bounced,
    {{ zero_if_landed('campaign_message_counts.opened', 'message_tracking.has_opens') }} as opened,
    {{ zero_if_landed('campaign_message_counts.clicked', 'message_tracking.has_clicks') }} as clicked,
    {{ zero_if_landed('campaign_message_counts.unsubscribed', 'message_tracking.has_unsubscriptions') }}
    as unsubscribed,
    {{ zero_if_landed('campaign_sales.orders', has_attribution) }} as orders,
    {{ zero_if_landed('campaign_sales.customers', has_attribution) }} as customers,
    {{ zero_if_landed('campaign_sales.costed_orders', has_attribution) }} as costed_orders,
    {{ money(zero_if_landed('campaign_sales.net_revenue', has_attribution)) }} as net_revenue,
    {{ money(zero_if_landed('campaign_sales.covered_net_revenue', has_attribution)) }} as covered_net_revenue,
    {{ money(zero_if_landed('campaign_sales.covered_gross_margin', has_attribution)) }} as covered_gross_margin,
    campaigns_costed.cost,
    campaigns_costed.is_known,
    campaigns_costed.is_complete,
    campaigns_costed.started_at,
    campaigns_costed.ended_at
from campaigns_costed
cross join message_tracking
cross join inputs_present
left join campaign_message_counts on campaign_message_counts.campaign_id = campaigns_costed.campaign_id
left join campaign_sales on campaign_sales.campaign_id = campaigns_costed.campaign_id
