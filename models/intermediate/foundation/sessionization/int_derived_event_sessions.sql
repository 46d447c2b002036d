with

derived_session_starts as (
    select * from {{ ref('int_derived_session_starts') }}
),

numbered_events as (
    select
        event_id,
        visitor_id,
        event_type,
        sum(case when is_start then 1 else 0 end) over (
            partition by visitor_id order by event_number rows unbounded preceding
        ) as session_number,
        occurred_at
    from derived_session_starts
),

numbered_starts as (
    select
        visitor_id,
        row_number() over (partition by visitor_id order by event_number) as session_number,
        {{ seconds_between("cast('1970-01-01' as timestamp)", 'occurred_at') }} as start_second
    from derived_session_starts
    where is_start
),

named_sessions as (
    select
        visitor_id,
        session_number,
        start_second,
        row_number() over (partition by visitor_id, start_second order by session_number) as number_in_second
    from numbered_starts
)

-- Visitor and start name a session for good, whatever is loaded around it; a second session that begins in the same
-- second has its place in it added.
select
    numbered_events.event_id,
    numbered_events.visitor_id || '-' || cast(named_sessions.start_second as {{ dbt.type_string() }}) || case
        when named_sessions.number_in_second = 1 then ''
        else '-' || cast(named_sessions.number_in_second as {{ dbt.type_string() }})
    end as session_id,
    numbered_events.visitor_id,
    numbered_events.event_type,
    numbered_events.occurred_at
from numbered_events
inner join named_sessions
    on named_sessions.visitor_id = numbered_events.visitor_id
    and named_sessions.session_number = numbered_events.session_number
