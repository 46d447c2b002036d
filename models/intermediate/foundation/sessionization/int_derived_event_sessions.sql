{%- set given_order = 'partition by stg_events.visitor_id order by stg_events.occurred_at, stg_events.event_id' -%}
{%- set visitor_order = 'partition by visitor_id order by event_number' -%}
{%- set so_far = visitor_order ~ ' rows unbounded preceding' -%}
{%- set before = visitor_order ~ ' rows between unbounded preceding and 1 preceding' -%}
{%- set timeout = var('session_timeout_minutes', 30) -%}
with

stg_events as (select * from {{ ref('stg_events') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

numbered_events as (
    select
        stg_events.event_id,
        stg_events.visitor_id,
        stg_events.event_type,
        urls_parsed.campaign_signature,
        row_number() over ({{ given_order }}) as event_number,
        stg_events.occurred_at,
        lag(stg_events.occurred_at) over ({{ given_order }}) as previous_occurred_at
    from stg_events
    left join urls_parsed on urls_parsed.url = stg_events.page_url
    where stg_events.session_id is null
),

marked_events as (
    select
        event_id,
        visitor_id,
        event_type,
        campaign_signature,
        event_number,
        case when campaign_signature is not null then event_number end as campaign_event_number,
        case
            when not coalesce(occurred_at <= {{ dbt.dateadd('minute', timeout, 'previous_occurred_at') }}, false)
                then event_number
        end as silence_event_number,
        occurred_at
    from numbered_events
),

-- Numbers and times only grow, so their largest is their last. Looking for the last that is not null would pass over
-- all events of a visitor who never has one.
last_marks as (
    select
        event_id,
        visitor_id,
        event_type,
        campaign_signature,
        event_number,
        max(silence_event_number) over ({{ so_far }}) as silence_event_number,
        max_by(campaign_signature, campaign_event_number) over ({{ before }}) as last_campaign,
        max(campaign_event_number) over ({{ before }}) as last_campaign_event_number,
        occurred_at
    from marked_events
),

-- Reloading an address starts no session; a campaign other than the last one since the silence does.
started_sessions as (
    select
        event_id,
        visitor_id,
        event_type,
        event_number,
        case
            when event_number = silence_event_number or (
                campaign_signature is not null
                and (
                    campaign_signature is distinct from last_campaign
                    or last_campaign_event_number < silence_event_number
                )
            ) then {{ seconds_between("cast('1970-01-01' as timestamp)", 'occurred_at') }}
        end as start_second,
        occurred_at
    from last_marks
),

numbered_sessions as (
    select
        event_id,
        visitor_id,
        event_type,
        count(start_second) over ({{ so_far }}) as session_number,
        max(start_second) over ({{ so_far }}) as start_second,
        occurred_at
    from started_sessions
)

-- The id depends only on the visitor and the start in seconds. A second session that starts in the same second is
-- numbered.
select
    event_id,
    visitor_id || '-' || cast(start_second as {{ dbt.type_string() }}) || coalesce('-' || cast(nullif(
        dense_rank() over (partition by visitor_id, start_second order by session_number), 1
    ) as {{ dbt.type_string() }}), '') as session_id,
    visitor_id,
    event_type,
    occurred_at
from numbered_sessions
