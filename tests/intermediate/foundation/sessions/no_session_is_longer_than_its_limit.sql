-- A session that lasts a month would outweigh a thousand others in every mean duration.
with

int_sessions as (select * from {{ ref('int_sessions') }})

select
    session_id,
    started_at,
    ended_at
from int_sessions
where {{ seconds_between('started_at', 'ended_at') }} > {{ var('session_max_hours', 24) * 3600 }}
