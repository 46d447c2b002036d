with

int_customers as (select * from {{ ref('int_customers') }}),

stg_messages as (select * from {{ ref('stg_messages') }}),

stg_campaigns as (select * from {{ ref('stg_campaigns') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

-- Null is no consent.
opted_in_channels as (
    select customer_id, 'email' as contact_channel from int_customers where email_opt_in
    union all
    select customer_id, 'sms' as contact_channel from int_customers where sms_opt_in
    union all
    select customer_id, 'push' as contact_channel from int_customers where push_opt_in
),

-- The channel of a message is null where it is not known: a coupon, or a campaign that is not landed.
customer_messages as (
    select
        customer_merges.customer_id,
        case
            when stg_campaigns.campaign_type in ('email', 'sms', 'push') then stg_campaigns.campaign_type
        end as contact_channel,
        stg_messages.opened_at,
        stg_messages.clicked_at,
        stg_messages.unsubscribed_at
    from stg_messages
    inner join customer_merges on customer_merges.account_id = stg_messages.customer_id
    left join stg_campaigns on stg_campaigns.campaign_id = stg_messages.campaign_id
),

unsubscriptions as (
    select distinct
        customer_id,
        contact_channel
    from customer_messages
    where unsubscribed_at is not null
),

closed_channels as (
    select customer_id, contact_channel from unsubscriptions where contact_channel is not null
),

-- An unsubscription without a known channel closes all channels, because the customer may have meant any of them.
closed_customers as (
    select customer_id from unsubscriptions where contact_channel is null
),

responses as (
    select
        customer_id,
        contact_channel,
        count(opened_at) as opens,
        count(clicked_at) as clicks
    from customer_messages
    where contact_channel is not null
    group by customer_id, contact_channel
)

select
    opted_in_channels.customer_id,
    opted_in_channels.contact_channel,
    coalesce(responses.opens, 0) as opens,
    coalesce(responses.clicks, 0) as clicks
from opted_in_channels
left join closed_channels
    on closed_channels.customer_id = opted_in_channels.customer_id
    and closed_channels.contact_channel = opted_in_channels.contact_channel
left join closed_customers on closed_customers.customer_id = opted_in_channels.customer_id
left join responses
    on responses.customer_id = opted_in_channels.customer_id
    and responses.contact_channel = opted_in_channels.contact_channel
where closed_channels.customer_id is null and closed_customers.customer_id is null
