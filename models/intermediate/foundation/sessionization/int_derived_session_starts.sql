{%- set visitor_order = 'partition by visitor_id order by occurred_at, event_id' -%}
{%- set before = visitor_order ~ ' rows between unbounded preceding and 1 preceding' -%}
{%- set timeout = var('session_timeout_minutes', 30) -%}
with

stg_events as (
    select * from {{ ref('stg_events') }}
),

urls_parsed as (
    select * from {{ ref('int_urls_parsed') }}
),

events_without_session as (
    select
        stg_events.event_id,
        stg_events.visitor_id,
        stg_events.event_type,
        urls_parsed.campaign_signature,
        stg_events.occurred_at
    from stg_events
    left join urls_parsed on urls_parsed.url = stg_events.page_url
    where stg_events.session_id is null
),

ordered_events as (
    select
        event_id,
        visitor_id,
        event_type,
        campaign_signature,
        row_number() over ({{ visitor_order }}) as event_number,
        occurred_at,
        lag(occurred_at) over ({{ visitor_order }}) as previous_occurred_at
    from events_without_session
),

silences as (
    select
        event_id,
        visitor_id,
        event_type,
        campaign_signature,
        event_number,
        case when campaign_signature is not null then event_number end as campaign_event_number,
        case
            when occurred_at <= {{ dbt.dateadd('minute', timeout, 'previous_occurred_at') }} then null
            else event_number
        end as silence_event_number,
        occurred_at
    from ordered_events
),

last_campaigns as (
    select
        event_id,
        visitor_id,
        event_type,
        campaign_signature,
        event_number,
        {{ last_known('silence_event_number') }} over ({{ visitor_order }} rows unbounded preceding)
            as silence_event_number,
        {{ last_known('campaign_signature') }} over ({{ before }}) as last_campaign,
        {{ last_known('campaign_event_number') }} over ({{ before }}) as last_campaign_event_number,
        occurred_at
    from silences
)

-- An address keeps its campaign while the visitor stays on it or reloads it: only another campaign than the last one
-- since the silence begins a session.
select
    event_id,
    visitor_id,
    event_type,
    event_number,
    event_number = silence_event_number or (
        campaign_signature is not null
        and (
            campaign_signature is distinct from last_campaign
            or last_campaign_event_number < silence_event_number
        )
    ) as is_start,
    occurred_at
from last_campaigns
