with

facts as (
    select * from {{ ref('int_campaign_facts') }}
),

lifts as (
    select * from {{ ref('int_campaign_lifts') }}
)

select
    facts.campaign_id,
    facts.campaign_name,
    facts.subject,
    facts.campaign_type,
    facts.objective,
    lifts.experiment_id as holdout_experiment_id,
    facts.sent,
    facts.recipients,
    facts.delivered,
    facts.bounced,
    facts.opened,
    facts.clicked,
    facts.unsubscribed,
    {{ rounded_ratio('facts.delivered', 'facts.sent') }} as delivery_rate,
    {{ rounded_ratio('facts.bounced', 'facts.sent') }} as bounce_rate,
    {{ rounded_ratio('facts.opened', 'facts.delivered') }} as open_rate,
    {{ rounded_ratio('facts.clicked', 'facts.delivered') }} as click_rate,
    {{ rounded_ratio('facts.clicked', 'facts.opened') }} as click_to_open_rate,
    {{ rounded_ratio('facts.unsubscribed', 'facts.delivered') }} as unsubscribe_rate,
    facts.orders as attributed_orders,
    facts.customers as attributed_customers,
    facts.net_revenue as attributed_revenue,
    {{ known_margin('facts') }} as attributed_margin,
    facts.covered_net_revenue as attributed_covered_revenue,
    {{ rounded_ratio('facts.covered_net_revenue', 'facts.net_revenue') }} as margin_covered_share,
    facts.cost,
    case
        when facts.is_complete
            then {{ rounded_ratio('(' ~ known_margin('facts') ~ ' - facts.cost)', 'facts.cost') }}
    end as roi,
    {%- for column in [
        'treated_units', 'treated_buyers', 'treated_conversion_rate', 'holdout_units', 'holdout_buyers',
        'holdout_conversion_rate', 'incremental_conversion_rate', 'incremental_conversion_rate_low',
        'incremental_conversion_rate_high', 'incremental_orders', 'incremental_orders_low', 'incremental_orders_high',
        'incremental_revenue', 'incremental_revenue_low', 'incremental_revenue_high'
    ] %}
    lifts.{{ column }},
    {%- endfor %}
    facts.is_known,
    facts.is_complete,
    facts.started_at,
    facts.ended_at
from facts
left join lifts on lifts.campaign_id = facts.campaign_id
