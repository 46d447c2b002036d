with

winback_reasons as (
    select * from {{ ref('int_winback_reasons') }}
),

winback_tiers as (
    select * from {{ ref('int_winback_tiers') }}
),

winback_actions as (
    select * from {{ ref('winback_actions') }}
),

contact_channels as (
    select * from {{ ref('int_contact_channels') }}
),

best_hours as (
    select * from {{ ref('int_customer_best_hours') }}
),

last_viewed_products as (
    select * from {{ ref('int_last_viewed_products') }}
),

customers as (
    select * from {{ ref('customers') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- The channel the customer answered most; where none was answered, the action's own, then the cheapest. Nobody without
-- an open channel is a candidate.
ranked_channels as (
    select
        winback_reasons.customer_id,
        winback_reasons.reason,
        winback_reasons.churn_risk,
        winback_tiers.winback_tier,
        winback_tiers.last_year_spend,
        winback_actions.offer,
        winback_actions.recommended_action,
        winback_actions.recommended_action_zh,
        contact_channels.contact_channel,
        row_number() over (
            partition by winback_reasons.customer_id
            order by
                contact_channels.clicks desc,
                contact_channels.opens desc,
                case when contact_channels.contact_channel = winback_actions.preferred_channel then 0 else 1 end,
                case contact_channels.contact_channel when 'push' then 1 when 'email' then 2 else 3 end
        ) as channel_rank
    from winback_reasons
    inner join winback_tiers on winback_tiers.customer_id = winback_reasons.customer_id
    inner join winback_actions
        on winback_actions.winback_tier = winback_tiers.winback_tier
        and winback_actions.reason = winback_reasons.reason
    inner join contact_channels on contact_channels.customer_id = winback_reasons.customer_id
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
    customers.top_brand,
    last_viewed_products.last_viewed_product_id,
    last_viewed_products.last_viewed_products,
    best_hours.best_hour,
    ranked_channels.last_year_spend,
    greatest(ranked_channels.last_year_spend, cast(0 as decimal(18, 2))) as value_at_stake,
    {{ days_between('customers.last_order_date', 'run_period.as_of_date') }} as days_since_last_order,
    customers.last_order_date
from ranked_channels
inner join customers on customers.customer_id = ranked_channels.customer_id
cross join run_period
left join best_hours on best_hours.customer_id = ranked_channels.customer_id
left join last_viewed_products on last_viewed_products.customer_id = ranked_channels.customer_id
where ranked_channels.channel_rank = 1
