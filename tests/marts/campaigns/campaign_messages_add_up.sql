-- The messages of all campaigns are all messages sent, each state has at most as many as the one before it, and no
-- message is both delivered and bounced. Otherwise a campaign would lack messages, and its rates would look too good.
with

campaign_performance as (select * from {{ ref('campaign_performance') }}),

stg_messages as (select * from {{ ref('stg_messages') }}),

landed as (
    select count(*) as messages from stg_messages
),

counted as (
    select coalesce(sum(sent), 0) as messages from campaign_performance
)

select
    'all campaigns' as campaign_id,
    counted.messages as counted_messages,
    landed.messages as landed_messages
from counted
cross join landed
where counted.messages <> landed.messages
union all
select
    campaign_id,
    delivered + coalesce(bounced, 0) as counted_messages,
    sent as landed_messages
from campaign_performance
where
    delivered + coalesce(bounced, 0) > sent
    or recipients > sent
    or opened > delivered
    or clicked > coalesce(opened, delivered)
    or unsubscribed > delivered
