with

shopper_type_measures as (select * from {{ ref('int_shopper_type_measures') }}),

people_shopper_types as (select * from {{ ref('int_people_shopper_types') }})

select
    shopper_type_measures.person_id,
    shopper_type_measures.customer_id,
    people_shopper_types.shopper_type,
    {%- for type in shopper_types() %}
    people_shopper_types.{{ type }}_score,
    {%- endfor %}
    shopper_type_measures.sessions,
    shopper_type_measures.sessions_with_events,
    shopper_type_measures.page_views,
    shopper_type_measures.duration_seconds,
    shopper_type_measures.orders,
    shopper_type_measures.discounted_orders,
    shopper_type_measures.categories_viewed,
    shopper_type_measures.pages_per_session,
    shopper_type_measures.seconds_per_session,
    shopper_type_measures.orders_per_session,
    shopper_type_measures.social_session_share,
    shopper_type_measures.price_sort_share,
    shopper_type_measures.discounted_order_share,
    shopper_type_measures.leisure_view_share,
    shopper_type_measures.visit_gap_variation,
    shopper_type_measures.days_since_first_visit
from shopper_type_measures
inner join people_shopper_types on people_shopper_types.person_id = shopper_type_measures.person_id
