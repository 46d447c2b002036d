with

stg_sessions as (select * from {{ ref('stg_sessions') }}),

stg_events as (select * from {{ ref('stg_events') }}),

appearances as (
    select session_id, visitor_id, started_at as seen_at, 1 as is_session_row from stg_sessions
    union all
    select session_id, visitor_id, occurred_at as seen_at, 0 as is_session_row
    from stg_events
    where session_id is not null
),

shared_ids as (
    select session_id
    from appearances
    group by session_id
    having min(visitor_id) <> max(visitor_id)
),

id_visitors as (
    select
        appearances.session_id,
        appearances.visitor_id,
        max(appearances.is_session_row) as is_session_row,
        min(appearances.seen_at) as first_seen_at
    from appearances
    inner join shared_ids on shared_ids.session_id = appearances.session_id
    group by appearances.session_id, appearances.visitor_id
),

-- The id stays with the visitor of the session row, else with the visitor seen under it first.
ranked_visitors as (
    select
        session_id,
        visitor_id,
        row_number() over (
            partition by session_id order by is_session_row desc, first_seen_at, visitor_id
        ) as visitor_rank
    from id_visitors
)

select
    session_id as given_session_id,
    visitor_id,
    case when visitor_rank = 1 then session_id else session_id || '-' || visitor_id end as session_id
from ranked_visitors
