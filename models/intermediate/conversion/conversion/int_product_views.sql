with

visit_events as (
    select * from {{ ref('int_visit_events') }}
),

product_view_states as (
    select * from {{ ref('int_product_view_states') }}
),

session_outcomes as (
    select * from {{ ref('int_session_outcomes') }}
),

session_product_carts as (
    select * from {{ ref('int_session_product_carts') }}
),

stg_products as (
    select * from {{ ref('stg_products') }}
)

select
    visit_events.event_id,
    visit_events.session_id,
    visit_events.product_id,
    stg_products.image_count,
    stg_products.description_length,
    product_view_states.rating,
    product_view_states.reviews,
    product_view_states.on_hand_quantity,
    coalesce(session_product_carts.last_cart_at >= visit_events.occurred_at, false) as is_carted,
    visit_events.is_last_view
    and not coalesce(session_outcomes.last_cart_at >= visit_events.occurred_at, false) as is_exit,
    visit_events.session_month
from visit_events
inner join product_view_states on product_view_states.event_id = visit_events.event_id
inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
left join stg_products on stg_products.product_id = visit_events.product_id
left join session_product_carts
    on session_product_carts.session_id = visit_events.session_id
    and session_product_carts.product_id = visit_events.product_id
