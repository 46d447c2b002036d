with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

covered_days as (select * from {{ ref('int_covered_days') }}),

content_views as (
    select
        visit_events.session_month as month,
        coalesce(visit_events.content_category, '(not set)') as content_category,
        visit_events.session_id,
        coalesce(session_outcomes.last_product_at >= visit_events.occurred_at, false) as leads_to_product,
        case
            when session_outcomes.last_valid_order_at >= visit_events.occurred_at then true
            when covered_days.is_orders_day then false
        end as leads_to_order,
        visit_events.is_last_view
    from visit_events
    inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
    left join covered_days on covered_days.date = {{ local_date('visit_events.occurred_at') }}
    where visit_events.is_page_view
        and (visit_events.content_category is not null or visit_events.page_type = 'content')
),

categories as (
    select
        month, content_category,
        count(*) as views,
        count(distinct session_id) as sessions,
        count(case when leads_to_product then 1 end) as to_product_views,
        {{ known_count('leads_to_order') }} as converted_views,
        nullif(count(leads_to_order), 0) as views_on_common_days,
        count(case when is_last_view then 1 end) as exits
    from content_views
    group by month, content_category
)

select
    month, content_category, views, sessions, to_product_views,
    {{ rounded_ratio('to_product_views', 'views') }} as to_product_rate,
    converted_views, views_on_common_days,
    {{ rounded_ratio('converted_views', 'views_on_common_days') }} as conversion_rate,
    exits,
    {{ rounded_ratio('exits', 'views') }} as exit_rate
from categories
