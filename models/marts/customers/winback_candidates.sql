with

churn_scores as (select * from {{ ref('int_churn_scores') }}),

customer_winback_tiers as (select * from {{ ref('int_customer_winback_tiers') }}),

winback_actions as (select * from {{ ref('winback_actions') }}),

customer_contact_channels as (select * from {{ ref('int_customer_contact_channels') }}),

contact_channels as (select * from {{ ref('contact_channels') }}),

customer_best_hours as (select * from {{ ref('int_customer_best_hours') }}),

last_viewed_products as (select * from {{ ref('int_last_viewed_products') }}),

customer_tastes as (select * from {{ ref('int_customer_tastes') }}),

customer_orders as (select * from {{ ref('int_customer_orders') }}),

-- Rank channels by clicks, then opens, then the preferred channel of the offer, then cost. The inner join drops
-- customers without an open channel.
ranked_channels as (
    select
        churn_scores.customer_id,
        churn_scores.winback_reason as reason,
        churn_scores.churn_risk,
        customer_winback_tiers.winback_tier,
        customer_winback_tiers.last_year_spend,
        winback_actions.offer,
        winback_actions.recommended_action,
        winback_actions.recommended_action_zh,
        customer_contact_channels.contact_channel,
        row_number() over (
            partition by churn_scores.customer_id
            order by
                customer_contact_channels.clicks desc,
                customer_contact_channels.opens desc,
                case
                    when customer_contact_channels.contact_channel = winback_actions.preferred_channel then 0
                    else 1
                end,
                contact_channels.cost_rank
        ) as channel_rank
    from churn_scores
    inner join customer_winback_tiers on customer_winback_tiers.customer_id = churn_scores.customer_id
    inner join winback_actions
        on winback_actions.winback_tier = customer_winback_tiers.winback_tier
        and winback_actions.reason = churn_scores.winback_reason
    inner join customer_contact_channels on customer_contact_channels.customer_id = churn_scores.customer_id
    inner join contact_channels on contact_channels.contact_channel = customer_contact_channels.contact_channel
    where churn_scores.is_as_of
)

select
    ranked_channels.customer_id,
    ranked_channels.winback_tier,
    ranked_channels.reason,
    ranked_channels.churn_risk,
    ranked_channels.offer,
    ranked_channels.recommended_action,
    ranked_channels.recommended_action_zh,
    ranked_channels.contact_channel as best_channel,
    customer_tastes.top_brand,
    last_viewed_products.last_viewed_product_id,
    last_viewed_products.last_viewed_products,
    customer_best_hours.best_hour,
    ranked_channels.last_year_spend,
    greatest(ranked_channels.last_year_spend, cast(0 as decimal(18, 2))) as value_at_stake,
    customer_orders.days_since_last_order,
    customer_orders.last_order_date
from ranked_channels
inner join customer_orders on customer_orders.customer_id = ranked_channels.customer_id
left join customer_tastes on customer_tastes.customer_id = ranked_channels.customer_id
left join customer_best_hours on customer_best_hours.customer_id = ranked_channels.customer_id
left join last_viewed_products on last_viewed_products.customer_id = ranked_channels.customer_id
where ranked_channels.channel_rank = 1
