with

visit_events as (select * from {{ ref('int_visit_events') }}),

page_views as (
    select
        session_month,
        page_type,
        lead(page_type) over (partition by session_id order by view_number) as next_page_type,
        view_number
    from visit_events
    where is_page_view
),

-- A session has one entry before its first page and one exit after its last.
page_moves as (
    select
        session_month,
        'entry' as from_page_type,
        page_type as to_page_type
    from page_views
    where view_number = 1
    union all
    select
        session_month,
        page_type as from_page_type,
        coalesce(next_page_type, 'exit') as to_page_type
    from page_views
),

path_counts as (
    select
        session_month,
        from_page_type,
        to_page_type,
        count(*) as transitions
    from page_moves
    group by session_month, from_page_type, to_page_type
),

path_totals as (
    select
        session_month,
        from_page_type,
        to_page_type,
        transitions,
        cast(sum(transitions) over (partition by session_month, from_page_type) as bigint) as from_transitions
    from path_counts
)

select
    session_month as month,
    from_page_type,
    to_page_type,
    transitions,
    from_transitions,
    {{ rounded_ratio('transitions', 'from_transitions') }} as share,
    case when to_page_type = 'exit' then transitions else 0 end as exits
from path_totals
