with

stg_messages as (select * from {{ ref('stg_messages') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

message_tracking as (select * from {{ ref('int_message_tracking') }}),

-- A message that was opened, clicked or unsubscribed from was delivered, even if a server reported a bounce; otherwise
-- a bounce cancels a delivery. Mail clients that load no pictures report no opening, so a click counts as one.
message_states as (
    select
        stg_messages.message_id,
        stg_messages.campaign_id,
        customer_merges.customer_id,
        case
            when
                stg_messages.opened_at is not null
                or stg_messages.clicked_at is not null
                or stg_messages.unsubscribed_at is not null
                then true
            when stg_messages.bounced_at is not null then false
            else stg_messages.delivered_at is not null or not message_tracking.has_deliveries
        end as is_delivered,
        stg_messages.bounced_at is not null as has_bounce,
        stg_messages.opened_at is not null or stg_messages.clicked_at is not null as is_opened,
        stg_messages.clicked_at is not null as is_clicked,
        stg_messages.unsubscribed_at is not null as is_unsubscribed,
        stg_messages.sent_at,
        stg_messages.clicked_at
    from stg_messages
    inner join customer_merges on customer_merges.account_id = stg_messages.customer_id
    cross join message_tracking
)

select
    message_id,
    campaign_id,
    customer_id,
    is_delivered,
    has_bounce and not is_delivered as is_bounced,
    is_opened,
    is_clicked,
    is_unsubscribed,
    sent_at,
    clicked_at
from message_states
