with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

-- Most sessions have no search; their events are not sorted.
searching_sessions as (
    select distinct session_id from visit_events where event_type = 'search' and not is_repeated_view
),

-- The events between a search and the session's next search belong to it.
numbered_events as (
    select
        visit_events.event_id,
        visit_events.session_id,
        visit_events.event_type,
        visit_events.event_type = 'search' and not visit_events.is_repeated_view as is_search,
        visit_events.page_type,
        visit_events.search_term,
        visit_events.search_result_count,
        visit_events.is_cart_addition,
        visit_events.is_last_view,
        visit_events.session_month,
        visit_events.occurred_at,
        count(case when visit_events.event_type = 'search' and not visit_events.is_repeated_view then 1 end) over (
            partition by visit_events.session_id order by visit_events.event_number
            rows between unbounded preceding and current row
        ) as search_number
    from visit_events
    inner join searching_sessions on searching_sessions.session_id = visit_events.session_id
),

search_groups as (
    select
        session_id,
        search_number,
        max(case when is_search then event_id end) as event_id,
        max(case when is_search then coalesce(lower(search_term), '(not set)') end) as search_term,
        max(case when is_search then search_result_count end) as search_result_count,
        bool_or(
            event_type = 'product_view'
            or is_cart_addition
            or (event_type = 'page_view' and page_type = 'product')
        ) as is_clicked,
        bool_or(is_search and is_last_view) as is_last_view,
        min(session_month) as session_month,
        max(case when is_search then occurred_at end) as occurred_at
    from numbered_events
    where search_number > 0
    group by session_id, search_number
)

select
    search_groups.event_id,
    search_groups.session_id,
    search_groups.search_term,
    search_groups.search_result_count,
    search_groups.is_clicked,
    case
        when session_outcomes.last_valid_order_at >= search_groups.occurred_at then true
        when covered_days.is_orders_day then false
    end as is_converted,
    search_groups.is_last_view and not search_groups.is_clicked as is_exit,
    search_groups.session_month,
    search_groups.occurred_at
from search_groups
inner join session_outcomes on session_outcomes.session_id = search_groups.session_id
left join covered_days on covered_days.date = {{ local_date('search_groups.occurred_at') }}
