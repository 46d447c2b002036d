with

shopper_measures as (
    select * from {{ ref('int_shopper_measures') }}
),

shopper_types as (
    select * from {{ ref('int_people_shopper_types') }}
)

select
    shopper_measures.person_id,
    shopper_measures.customer_id,
    shopper_types.shopper_type,
    {%- for type in shopper_types() %}
    shopper_types.{{ type }}_score,
    {%- endfor %}
    shopper_measures.sessions,
    shopper_measures.sessions_with_events,
    shopper_measures.page_views,
    shopper_measures.duration_seconds,
    shopper_measures.orders,
    shopper_measures.discounted_orders,
    shopper_measures.categories_viewed,
    shopper_measures.pages_per_session,
    shopper_measures.seconds_per_session,
    shopper_measures.orders_per_session,
    shopper_measures.social_session_share,
    shopper_measures.price_sort_share,
    shopper_measures.discounted_order_share,
    shopper_measures.leisure_view_share,
    shopper_measures.visit_gap_variation,
    shopper_measures.days_since_first_visit
from shopper_measures
inner join shopper_types on shopper_types.person_id = shopper_measures.person_id
