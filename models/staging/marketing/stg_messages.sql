with

base_messages as (select * from {{ ref('base_messages') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_messages.message_id,
    base_messages.campaign_id,
    base_messages.customer_id,
    base_messages.sent_at,
    {{ if_before('base_messages.delivered_at', 'stg_run_period.as_of_end_at') }} as delivered_at,
    {{ if_before('base_messages.opened_at', 'stg_run_period.as_of_end_at') }} as opened_at,
    {{ if_before('base_messages.clicked_at', 'stg_run_period.as_of_end_at') }} as clicked_at,
    {{ if_before('base_messages.unsubscribed_at', 'stg_run_period.as_of_end_at') }} as unsubscribed_at,
    {{ if_before('base_messages.bounced_at', 'stg_run_period.as_of_end_at') }} as bounced_at
from base_messages
cross join stg_run_period
where
    base_messages.is_current
    and base_messages.sent_at < stg_run_period.as_of_end_at
