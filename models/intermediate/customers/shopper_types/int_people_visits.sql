with

human_sessions as (
    select * from {{ ref('int_sessions') }} where not is_bot
),

channels as (select * from {{ ref('channels') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

visit_totals as (
    select
        human_sessions.person_id,
        count(*) as sessions,
        count(human_sessions.page_views) as sessions_with_events,
        cast(sum(human_sessions.page_views) as bigint) as page_views,
        cast(sum(human_sessions.duration_seconds) as bigint) as duration_seconds,
        count(*) filter (where channels.is_social) as social_sessions,
        min(human_sessions.session_date) as first_visit_date
    from human_sessions
    left join channels on channels.channel = human_sessions.own_channel
    group by human_sessions.person_id
),

visit_days as (
    select distinct
        person_id,
        session_date
    from human_sessions
),

visit_gaps as (
    select
        person_id,
        {{ days_between(
            'lag(session_date) over (partition by person_id order by session_date)', 'session_date'
        ) }} as gap_days
    from visit_days
),

-- Sums of whole days and of their squares give the variance without doubles.
gap_totals as (
    select
        person_id,
        count(gap_days) as visit_gaps,
        cast(coalesce(sum(gap_days), 0) as bigint) as gap_days,
        cast(coalesce(sum(gap_days * gap_days), 0) as bigint) as squared_gap_days
    from visit_gaps
    group by person_id
)

select
    visit_totals.person_id,
    visit_totals.sessions,
    visit_totals.sessions_with_events,
    {{ zero_if_landed('visit_totals.page_views', 'inputs_present.has_events') }} as page_views,
    {{ zero_if_landed('visit_totals.duration_seconds', 'inputs_present.has_events') }} as duration_seconds,
    visit_totals.social_sessions,
    gap_totals.visit_gaps,
    gap_totals.gap_days,
    gap_totals.squared_gap_days,
    {{ days_between('visit_totals.first_visit_date', 'stg_run_period.as_of_date') }} as days_since_first_visit
from visit_totals
inner join gap_totals on gap_totals.person_id = visit_totals.person_id
cross join stg_run_period
cross join inputs_present
