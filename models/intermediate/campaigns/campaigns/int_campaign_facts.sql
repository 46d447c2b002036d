{%- set has_attribution = 'message_tracking.has_clicks and inputs_present.has_orders' -%}
with

campaigns_costed as (
    select * from {{ ref('int_campaigns_costed') }}
),

message_counts as (
    select * from {{ ref('int_campaign_message_counts') }}
),

message_tracking as (
    select * from {{ ref('int_message_tracking') }}
),

campaign_sales as (
    select * from {{ ref('int_campaign_sales') }}
),

inputs_present as (
    select * from {{ ref('int_inputs_present') }}
)

-- What a campaign has none of is 0; what the shop never lands is null.
select
    campaigns_costed.campaign_id,
    campaigns_costed.campaign_name,
    campaigns_costed.subject,
    campaigns_costed.campaign_type,
    campaigns_costed.objective,
    {{ zero_if_landed('message_counts.sent', 'message_tracking.has_messages') }} as sent,
    {{ zero_if_landed('message_counts.recipients', 'message_tracking.has_messages') }} as recipients,
    {{ zero_if_landed('message_counts.delivered', 'message_tracking.has_messages') }} as delivered,
    {{ zero_if_landed('message_counts.bounced', 'message_tracking.has_bounces') }} as bounced,
    {{ zero_if_landed('message_counts.opened', 'message_tracking.has_opens') }} as opened,
    {{ zero_if_landed('message_counts.clicked', 'message_tracking.has_clicks') }} as clicked,
    {{ zero_if_landed('message_counts.unsubscribed', 'message_tracking.has_unsubscriptions') }} as unsubscribed,
    {%- for column in ['orders', 'customers', 'costed_orders'] %}
    {{ zero_if_landed('campaign_sales.' ~ column, has_attribution) }} as {{ column }},
    {%- endfor %}
    {%- for column in ['net_revenue', 'covered_net_revenue', 'covered_gross_margin'] %}
    {{ money(zero_if_landed('campaign_sales.' ~ column, has_attribution)) }} as {{ column }},
    {%- endfor %}
    campaigns_costed.cost,
    campaigns_costed.is_known,
    campaigns_costed.is_complete,
    campaigns_costed.started_at,
    campaigns_costed.ended_at
from campaigns_costed
cross join message_tracking
cross join inputs_present
left join message_counts on message_counts.campaign_id = campaigns_costed.campaign_id
left join campaign_sales on campaign_sales.campaign_id = campaigns_costed.campaign_id
