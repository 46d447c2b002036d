{%- set quick_seconds = 5 * 60 -%}
with

stg_support_tickets as (
    select * from {{ ref('stg_support_tickets') }}
),

complaint_topics as (
    select * from {{ ref('complaint_topics') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

-- What a help desk never records is not observed; what it records of other tickets has not happened to this one.
landed_flags as (
    select
        count(first_response_at) > 0 as has_first_responses,
        count(is_complaint) > 0 as has_complaints
    from stg_support_tickets
),

-- An answer before the question is a wrong clock.
timed_tickets as (
    select
        ticket_id,
        coalesce(lower(topic), 'unknown') as topic,
        coalesce(handled_by, 'unknown') as handled_by,
        satisfaction_score,
        case
            when first_response_at >= opened_at then {{ seconds_between('opened_at', 'first_response_at') }}
        end as response_seconds,
        case
            when resolved_at >= opened_at then {{ seconds_between('opened_at', 'resolved_at') }}
        end as resolution_seconds,
        is_complaint,
        first_response_at is not null as is_answered,
        {{ local_date('opened_at') }} as opened_date,
        opened_at
    from stg_support_tickets
)

-- Who still waits, and has waited for longer than that, was not answered quickly.
select
    timed_tickets.ticket_id,
    timed_tickets.topic,
    complaint_topics.aspect,
    timed_tickets.handled_by,
    timed_tickets.satisfaction_score,
    timed_tickets.response_seconds,
    timed_tickets.resolution_seconds,
    case
        when landed_flags.has_complaints then coalesce(timed_tickets.is_complaint, false)
    end as is_complaint,
    case
        when timed_tickets.response_seconds is not null then timed_tickets.response_seconds <= {{ quick_seconds }}
        when
            landed_flags.has_first_responses
            and not timed_tickets.is_answered
            and {{ seconds_between('timed_tickets.opened_at', 'run_period.as_of_end_at') }} > {{ quick_seconds }}
            then false
    end as is_answered_within_5_minutes,
    {{ month_of('timed_tickets.opened_date') }} as opened_month
from timed_tickets
cross join landed_flags
cross join run_period
left join complaint_topics on complaint_topics.topic = timed_tickets.topic
