{%- set reporting_currency = var('reporting_currency', 'CNY') -%}
with

stg_campaigns as (
    select * from {{ ref('stg_campaigns') }}
),

message_counts as (
    select * from {{ ref('int_campaign_message_counts') }}
),

exchange_rate_periods as (
    select * from {{ ref('int_exchange_rate_periods') }}
),

campaign_rules as (
    select * from {{ ref('campaign_rules') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- A campaign that only its messages name is one all the same, or its clicks would be nobody's.
campaigns as (
    select
        coalesce(stg_campaigns.campaign_id, message_counts.campaign_id) as campaign_id,
        stg_campaigns.campaign_name,
        stg_campaigns.subject,
        stg_campaigns.campaign_type,
        stg_campaigns.objective,
        stg_campaigns.cost,
        stg_campaigns.currency,
        stg_campaigns.campaign_id is not null as is_known,
        {{ local_date('coalesce(stg_campaigns.started_at, stg_campaigns.ended_at)') }} as rate_date,
        stg_campaigns.started_at,
        stg_campaigns.ended_at,
        greatest(coalesce(stg_campaigns.ended_at, stg_campaigns.started_at), message_counts.last_sent_at) as finished_at
    from stg_campaigns
    full join message_counts on message_counts.campaign_id = stg_campaigns.campaign_id
)

-- The rate of the start, also of a start that is still to come: then the latest that is known.
select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.subject,
    campaigns.campaign_type,
    campaigns.objective,
    {{ converted(
        'campaigns.cost',
        "(case when campaigns.currency = '" ~ reporting_currency ~ "' then 1 else exchange_rate_periods.rate end)"
    ) }} as cost,
    campaigns.is_known,
    coalesce(
        {{ dbt.dateadd('day', 'campaign_rules.attribution_days', 'campaigns.finished_at') }} <= run_period.as_of_end_at,
        false
    ) as is_complete,
    campaigns.started_at,
    campaigns.ended_at
from campaigns
cross join campaign_rules
cross join run_period
left join exchange_rate_periods
    on exchange_rate_periods.currency = campaigns.currency
    and campaigns.currency <> '{{ reporting_currency }}'
    and exchange_rate_periods.valid_from <= campaigns.rate_date
    and coalesce(exchange_rate_periods.valid_before, cast('9999-12-31' as date)) > campaigns.rate_date
