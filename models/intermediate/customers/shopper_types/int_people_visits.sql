with

people_sessions as (
    select * from {{ ref('int_people_sessions') }}
),

sessions as (
    select * from {{ ref('int_sessions') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

visits as (
    select
        people_sessions.person_id,
        people_sessions.customer_id,
        sessions.page_views,
        sessions.duration_seconds,
        sessions.own_channel in ('organic_social', 'paid_social') as is_social,
        people_sessions.session_date
    from people_sessions
    inner join sessions on sessions.session_id = people_sessions.session_id
),

visit_totals as (
    select
        person_id,
        max(customer_id) as customer_id,
        count(*) as sessions,
        count(page_views) as sessions_with_events,
        cast(coalesce(sum(page_views), 0) as bigint) as page_views,
        cast(coalesce(sum(duration_seconds), 0) as bigint) as duration_seconds,
        count(*) filter (where is_social) as social_sessions,
        min(session_date) as first_visit_date
    from visits
    group by person_id
),

visit_days as (
    select distinct
        person_id,
        session_date
    from visits
),

visit_gaps as (
    select
        person_id,
        {{ days_between(
            'lag(session_date) over (partition by person_id order by session_date)', 'session_date'
        ) }} as gap_days
    from visit_days
),

-- Sums of whole days and of their squares: a spread that needs no doubles.
rhythms as (
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
    visit_totals.customer_id,
    visit_totals.sessions,
    visit_totals.sessions_with_events,
    visit_totals.page_views,
    visit_totals.duration_seconds,
    visit_totals.social_sessions,
    rhythms.visit_gaps,
    rhythms.gap_days,
    rhythms.squared_gap_days,
    {{ days_between('visit_totals.first_visit_date', 'run_period.as_of_date') }} as days_since_first_visit
from visit_totals
inner join rhythms on rhythms.person_id = visit_totals.person_id
cross join run_period
