with

base_messages as (
    select * from {{ ref('base_messages') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
)

select
    base_messages.message_id,
    base_messages.campaign_id,
    base_messages.customer_id,
    base_messages.sent_at,
    {{ seen('base_messages.delivered_at') }} as delivered_at,
    {{ seen('base_messages.opened_at') }} as opened_at,
    {{ seen('base_messages.clicked_at') }} as clicked_at,
    {{ seen('base_messages.unsubscribed_at') }} as unsubscribed_at,
    {{ seen('base_messages.bounced_at') }} as bounced_at
from base_messages
cross join run_period
where
    base_messages.is_current
    and base_messages.sent_at < run_period.as_of_end_at
