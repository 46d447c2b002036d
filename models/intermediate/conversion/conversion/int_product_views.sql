with

visit_events as (select * from {{ ref('int_visit_events') }}),

product_view_states as (select * from {{ ref('int_product_view_states') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

stg_products as (select * from {{ ref('stg_products') }}),

last_product_carts as (
    select session_id, product_id, max(occurred_at) as last_cart_at
    from visit_events
    where is_cart_addition
    group by session_id, product_id
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
    coalesce(last_product_carts.last_cart_at >= visit_events.occurred_at, false) as is_carted,
    visit_events.is_last_view
    and not coalesce(session_outcomes.last_cart_at >= visit_events.occurred_at, false) as is_exit,
    visit_events.session_month
from visit_events
inner join product_view_states on product_view_states.event_id = visit_events.event_id
inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
left join stg_products on stg_products.product_id = visit_events.product_id
left join last_product_carts
    on last_product_carts.session_id = visit_events.session_id
    and last_product_carts.product_id = visit_events.product_id
