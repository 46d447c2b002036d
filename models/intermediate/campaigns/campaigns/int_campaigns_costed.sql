{%- set reporting_currency = var('reporting_currency', 'CNY') -%}
with

stg_campaigns as (select * from {{ ref('stg_campaigns') }}),

campaign_message_counts as (select * from {{ ref('int_campaign_message_counts') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

campaign_rules as (select * from {{ ref('campaign_rules') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

-- The full join keeps campaigns that only messages name, so that their clicks belong to a campaign.
all_campaigns as (
    select
        coalesce(stg_campaigns.campaign_id, campaign_message_counts.campaign_id) as campaign_id,
        stg_campaigns.campaign_name,
        stg_campaigns.subject,
        stg_campaigns.campaign_type,
        stg_campaigns.objective,
        stg_campaigns.cost,
        stg_campaigns.currency,
        stg_campaigns.campaign_id is not null as is_known,
        least(
            {{ local_date('coalesce(stg_campaigns.started_at, stg_campaigns.ended_at)') }}, stg_run_period.as_of_date
        ) as rate_date,
        stg_campaigns.started_at,
        stg_campaigns.ended_at,
        greatest(
            coalesce(stg_campaigns.ended_at, stg_campaigns.started_at), campaign_message_counts.last_sent_at
        ) as finished_at
    from stg_campaigns
    full join campaign_message_counts on campaign_message_counts.campaign_id = stg_campaigns.campaign_id
    cross join stg_run_period
)

-- Use the exchange rate of the start. A start in the future takes the latest known rate.
select
    all_campaigns.campaign_id,
    all_campaigns.campaign_name,
    all_campaigns.subject,
    all_campaigns.campaign_type,
    all_campaigns.objective,
    {{ converted(
        'all_campaigns.cost',
        "(case when all_campaigns.currency = '" ~ reporting_currency
        ~ "' then 1 else exchange_rates_daily.rate end)"
    ) }} as cost,
    all_campaigns.is_known,
    coalesce(
        {{ dbt.dateadd('day', 'campaign_rules.attribution_days', 'all_campaigns.finished_at') }}
        <= stg_run_period.as_of_end_at,
        false
    ) as is_complete,
    all_campaigns.started_at,
    all_campaigns.ended_at
from all_campaigns
cross join campaign_rules
cross join stg_run_period
left join exchange_rates_daily
    on exchange_rates_daily.currency = all_campaigns.currency
    and exchange_rates_daily.rate_date = all_campaigns.rate_date
