{%- set channels = ['email', 'sms', 'push'] -%}
with

customers as (
    select * from {{ ref('int_customers') }}
),

stg_messages as (
    select * from {{ ref('stg_messages') }}
),

stg_campaigns as (
    select * from {{ ref('stg_campaigns') }}
),

customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

-- Silence is no consent.
consents as (
    {%- for channel in channels %}
    select customer_id, '{{ channel }}' as contact_channel
    from customers
    where {{ channel }}_opt_in
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- A message whose channel is not known (a coupon, a campaign not landed) has none: who unsubscribes from it is left
-- alone on all of them.
customer_messages as (
    select
        customer_merges.customer_id,
        case
            when stg_campaigns.campaign_type in ('{{ channels | join("', '") }}') then stg_campaigns.campaign_type
        end as contact_channel,
        stg_messages.opened_at,
        stg_messages.clicked_at,
        stg_messages.unsubscribed_at
    from stg_messages
    inner join customer_merges on customer_merges.account_id = stg_messages.customer_id
    left join stg_campaigns on stg_campaigns.campaign_id = stg_messages.campaign_id
),

refusals as (
    select distinct
        customer_id,
        contact_channel
    from customer_messages
    where unsubscribed_at is not null
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
    consents.customer_id,
    consents.contact_channel,
    coalesce(responses.opens, 0) as opens,
    coalesce(responses.clicks, 0) as clicks
from consents
left join refusals
    on refusals.customer_id = consents.customer_id
    and (refusals.contact_channel = consents.contact_channel or refusals.contact_channel is null)
left join responses
    on responses.customer_id = consents.customer_id
    and responses.contact_channel = consents.contact_channel
where refusals.customer_id is null
