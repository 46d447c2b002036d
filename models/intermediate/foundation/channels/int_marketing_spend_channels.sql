with

marketing_spend_tagged as (select * from {{ ref('int_marketing_spend_tagged') }}),

channel_assignments as (select * from {{ ref('int_channel_assignments') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }})

select
    channel_assignments.channel,
    marketing_spend_tagged.platform,
    marketing_spend_tagged.utm_source,
    marketing_spend_tagged.utm_medium,
    marketing_spend_tagged.utm_campaign,
    marketing_spend_tagged.cost_type,
    {{ converted('marketing_spend_tagged.spend', 'exchange_rates_daily.rate') }} as spend_amount,
    {{ converted('marketing_spend_tagged.claimed_revenue', 'exchange_rates_daily.rate') }} as claimed_revenue,
    marketing_spend_tagged.claimed_conversions,
    marketing_spend_tagged.impressions,
    marketing_spend_tagged.clicks,
    marketing_spend_tagged.spend_date,
    {{ month_of('marketing_spend_tagged.spend_date') }} as spend_month
from marketing_spend_tagged
inner join channel_assignments
    on channel_assignments.source = marketing_spend_tagged.source
    and channel_assignments.medium = marketing_spend_tagged.medium
    and channel_assignments.campaign = marketing_spend_tagged.campaign
    and channel_assignments.platform = coalesce(marketing_spend_tagged.platform, '')
    and channel_assignments.referrer_host = ''
    and channel_assignments.click_id = ''
inner join exchange_rates_daily
    on exchange_rates_daily.currency = marketing_spend_tagged.currency
    and exchange_rates_daily.rate_date = marketing_spend_tagged.spend_date
