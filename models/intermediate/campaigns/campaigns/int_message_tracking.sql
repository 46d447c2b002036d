with

stg_messages as (select * from {{ ref('stg_messages') }})

select
    count(*) > 0 as has_messages,
    count(delivered_at) > 0 as has_deliveries,
    count(bounced_at) > 0 as has_bounces,
    count(opened_at) > 0 as has_opens,
    count(clicked_at) > 0 as has_clicks,
    count(unsubscribed_at) > 0 as has_unsubscriptions
from stg_messages
