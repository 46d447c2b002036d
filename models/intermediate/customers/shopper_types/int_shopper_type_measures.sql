with

people_visits as (select * from {{ ref('int_people_visits') }}),

people_views as (select * from {{ ref('int_people_views') }}),

int_customers as (select * from {{ ref('int_customers') }}),

customer_discounts as (select * from {{ ref('int_customer_discounts') }}),

inputs_present as (select * from {{ ref('int_inputs_present') }}),

visit_sources as (select * from {{ ref('int_visit_sources') }}),

people as (
    select
        people_visits.person_id,
        int_customers.customer_id,
        people_visits.sessions,
        people_visits.sessions_with_events,
        people_visits.page_views,
        people_visits.duration_seconds,
        case when visit_sources.has_sources then people_visits.social_sessions end as social_sessions,
        people_visits.visit_gaps,
        people_visits.gap_days,
        people_visits.squared_gap_days,
        people_visits.days_since_first_visit,
        {{ zero_if_landed('people_views.categories_viewed', 'inputs_present.has_products') }} as categories_viewed,
        coalesce(people_views.list_views, 0) as list_views,
        coalesce(people_views.price_sorted_views, 0) as price_sorted_views,
        {{ zero_if_landed('people_views.leisure_views', 'inputs_present.has_products') }} as leisure_views,
        {{ zero_if_landed('customer_discounts.orders', 'inputs_present.has_orders') }} as orders,
        {{ zero_if_landed('customer_discounts.discounted_orders', 'inputs_present.has_orders') }} as discounted_orders
    from people_visits
    cross join inputs_present
    cross join visit_sources
    left join people_views on people_views.person_id = people_visits.person_id
    left join int_customers on int_customers.customer_id = people_visits.person_id
    left join customer_discounts on customer_discounts.customer_id = people_visits.person_id
)

select
    person_id,
    customer_id,
    sessions,
    sessions_with_events,
    page_views,
    duration_seconds,
    orders,
    discounted_orders,
    case when sessions_with_events > 0 then categories_viewed end as categories_viewed,
    {{ exact_ratio('page_views', 'sessions_with_events') }} as pages_per_session,
    {{ exact_ratio('duration_seconds', 'sessions_with_events') }} as seconds_per_session,
    {{ exact_ratio('orders', 'sessions') }} as orders_per_session,
    {{ exact_ratio('social_sessions', 'sessions') }} as social_session_share,
    {{ exact_ratio('price_sorted_views', 'list_views') }} as price_sort_share,
    {{ exact_ratio('discounted_orders', 'orders') }} as discounted_order_share,
    {{ exact_ratio('leisure_views', 'page_views') }} as leisure_view_share,
    -- Variance over the squared mean. It needs at least two gaps.
    case
        when visit_gaps >= 2
            then {{ exact_ratio('visit_gaps * squared_gap_days - gap_days * gap_days', 'gap_days * gap_days') }}
    end as visit_gap_variation,
    days_since_first_visit
from people
