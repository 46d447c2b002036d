with

campaign_facts as (select * from {{ ref('int_campaign_facts') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

campaign_lifts as (select * from {{ ref('int_campaign_lifts') }})

select
    campaign_facts.campaign_id,
    campaign_facts.campaign_name,
    campaign_facts.subject,
    campaign_facts.campaign_type,
    campaign_facts.objective,
    campaign_lifts.experiment_id as holdout_experiment_id,
    campaign_facts.sent,
    campaign_facts.recipients,
    campaign_facts.delivered,
    campaign_facts.bounced,
    campaign_facts.opened,
    campaign_facts.clicked,
    campaign_facts.unsubscribed,
    {{ rounded_ratio('campaign_facts.delivered', 'campaign_facts.sent') }} as delivery_rate,
    {{ rounded_ratio('campaign_facts.bounced', 'campaign_facts.sent') }} as bounce_rate,
    {{ rounded_ratio('campaign_facts.opened', 'campaign_facts.delivered') }} as open_rate,
    {{ rounded_ratio('campaign_facts.clicked', 'campaign_facts.delivered') }} as click_rate,
    {{ rounded_ratio('campaign_facts.clicked', 'campaign_facts.opened') }} as click_to_open_rate,
    {{ rounded_ratio('campaign_facts.unsubscribed', 'campaign_facts.delivered') }} as unsubscribe_rate,
    campaign_facts.orders as attributed_orders,
    campaign_facts.customers as attributed_customers,
    campaign_facts.net_revenue as attributed_revenue,
    {{ known_margin('campaign_facts') }} as attributed_margin,
    campaign_facts.covered_net_revenue as attributed_covered_revenue,
    {{ rounded_ratio('campaign_facts.covered_net_revenue', 'campaign_facts.net_revenue') }} as margin_covered_share,
    campaign_facts.cost,
    case
        when campaign_facts.is_complete
            then {{ rounded_ratio(
                '(' ~ known_margin('campaign_facts') ~ ' - campaign_facts.cost)', 'campaign_facts.cost'
            ) }}
    end as roi,
    campaign_lifts.treated_units,
    campaign_lifts.treated_buyers,
    campaign_lifts.treated_conversion_rate,
    campaign_lifts.holdout_units,
    campaign_lifts.holdout_buyers,
    campaign_lifts.holdout_conversion_rate,
    campaign_lifts.incremental_conversion_rate,
    campaign_lifts.incremental_conversion_rate_low,
    campaign_lifts.incremental_conversion_rate_high,
    campaign_lifts.incremental_orders,
    campaign_lifts.incremental_orders_low,
    campaign_lifts.incremental_orders_high,
    campaign_lifts.incremental_revenue,
    campaign_lifts.incremental_revenue_low,
    campaign_lifts.incremental_revenue_high,
    campaign_facts.is_known,
    campaign_facts.is_complete,
    campaign_facts.started_at,
    campaign_facts.ended_at
from campaign_facts
cross join inputs_present
left join campaign_lifts on campaign_lifts.campaign_id = campaign_facts.campaign_id
