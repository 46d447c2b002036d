-- Lost session rows would make traffic smaller than what the tracker counted and the shop paid for.
with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

session_bounds as (select * from {{ ref('int_session_bounds') }}),

int_sessions as (select * from {{ ref('int_sessions') }})

select stg_sessions.session_id
from stg_sessions
left join session_bounds
    on session_bounds.given_session_id = stg_sessions.session_id
    and session_bounds.is_first_piece
left join int_sessions on int_sessions.session_id = session_bounds.session_id
group by stg_sessions.session_id
having count(int_sessions.session_id) <> 1
