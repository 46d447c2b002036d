-- A person left out or counted twice would change the share of every type.
with

customer_shopper_types as (select * from {{ ref('customer_shopper_types') }}),

shopper_type_summary as (select * from {{ ref('shopper_type_summary') }}),

sessions as (select * from {{ ref('sessions') }}),

totals as (
    select
        'sessions' as source,
        count(distinct coalesce(customer_id, 'visitor:' || visitor_id)) as people,
        count(*) as sessions,
        coalesce(sum(page_views), 0) as page_views,
        coalesce(sum(duration_seconds), 0) as duration_seconds
    from sessions
    where not is_bot
    union all
    select
        'customer_shopper_types' as source,
        count(*) as people,
        coalesce(sum(sessions), 0) as sessions,
        coalesce(sum(page_views), 0) as page_views,
        coalesce(sum(duration_seconds), 0) as duration_seconds
    from customer_shopper_types
    union all
    select
        'shopper_type_summary' as source,
        sum(people) as people,
        sum(sessions) as sessions,
        sum(page_views) as page_views,
        sum(duration_seconds) as duration_seconds
    from shopper_type_summary
)

select
    min(people) as least_people,
    max(people) as most_people,
    min(sessions) as least_sessions,
    max(sessions) as most_sessions
from totals
having
    min(people) <> max(people)
    or min(sessions) <> max(sessions)
    or min(page_views) <> max(page_views)
    or min(duration_seconds) <> max(duration_seconds)
