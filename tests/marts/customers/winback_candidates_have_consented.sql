-- Contact without consent breaks the law and the customer's trust. Every candidate opted into the channel, and no
-- account of the customer ever unsubscribed from a message of it or of an unknown channel.
with

winback_candidates as (select * from {{ ref('winback_candidates') }}),

int_customers as (select * from {{ ref('int_customers') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

stg_messages as (select * from {{ ref('stg_messages') }}),

stg_campaigns as (select * from {{ ref('stg_campaigns') }}),

without_consent as (
    select winback_candidates.customer_id
    from winback_candidates
    inner join int_customers on int_customers.customer_id = winback_candidates.customer_id
    where
        case winback_candidates.best_channel
            when 'email' then int_customers.email_opt_in
            when 'sms' then int_customers.sms_opt_in
            when 'push' then int_customers.push_opt_in
        end is distinct from true
),

unsubscribed as (
    select winback_candidates.customer_id
    from winback_candidates
    inner join customer_merges on customer_merges.customer_id = winback_candidates.customer_id
    inner join stg_messages on stg_messages.customer_id = customer_merges.account_id
    left join stg_campaigns on stg_campaigns.campaign_id = stg_messages.campaign_id
    where
        stg_messages.unsubscribed_at is not null
        and (
            stg_campaigns.campaign_type = winback_candidates.best_channel
            or coalesce(stg_campaigns.campaign_type, 'none') not in ('email', 'sms', 'push')
        )
)

select customer_id from without_consent
union all
select customer_id from unsubscribed
