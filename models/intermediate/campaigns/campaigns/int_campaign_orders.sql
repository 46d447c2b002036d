with

messages_classified as (select * from {{ ref('int_messages_classified') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

campaign_rules as (select * from {{ ref('campaign_rules') }}),

-- Nobody clicked for a renewal. If two clicks have the same time, the message sent later counts as the last touch, then
-- the smaller id.
ranked_clicks as (
    select
        orders_valued.order_id,
        messages_classified.campaign_id,
        messages_classified.message_id,
        orders_valued.customer_id,
        orders_valued.net_revenue,
        orders_valued.covered_net_revenue,
        orders_valued.covered_gross_margin,
        messages_classified.clicked_at,
        orders_valued.ordered_at,
        row_number() over (
            partition by orders_valued.order_id
            order by
                messages_classified.clicked_at desc, messages_classified.sent_at desc, messages_classified.message_id
        ) as click_rank
    from orders_valued
    cross join campaign_rules
    inner join messages_classified
        on messages_classified.customer_id = orders_valued.customer_id
        and messages_classified.clicked_at <= orders_valued.ordered_at
        and {{ dbt.dateadd('day', 'campaign_rules.attribution_days', 'messages_classified.clicked_at') }}
        >= orders_valued.ordered_at
    where
        orders_valued.is_valid
        and not orders_valued.is_renewal
        and orders_valued.is_known_customer
)

select
    order_id,
    campaign_id,
    message_id,
    customer_id,
    net_revenue,
    covered_net_revenue,
    covered_gross_margin,
    clicked_at,
    ordered_at
from ranked_clicks
where click_rank = 1
