with

messages_classified as (select * from {{ ref('int_messages_classified') }})

select
    campaign_id,
    count(*) as sent,
    count(distinct customer_id) as recipients,
    count(*) filter (where is_delivered) as delivered,
    count(*) filter (where is_bounced) as bounced,
    count(*) filter (where is_opened) as opened,
    count(*) filter (where is_clicked) as clicked,
    count(*) filter (where is_unsubscribed) as unsubscribed,
    max(sent_at) as last_sent_at
from messages_classified
group by campaign_id
