with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

recommendation_clicks as (select * from {{ ref('int_recommendation_clicks') }}),

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
    coalesce(visit_events.placement, 'unknown') as placement,
    visit_events.product_id,
    visit_events.anchor_product_id,
    recommendation_clicks.event_id is not null as is_clicked,
    coalesce(session_outcomes.last_cart_at >= visit_events.occurred_at, false) as is_carted,
    coalesce(last_product_carts.last_cart_at >= visit_events.occurred_at, false) as is_product_carted,
    shown_products.category <> anchor_products.category as is_off_category,
    coalesce(session_outcomes.last_view_at > visit_events.occurred_at, false) as is_followed_by_view,
    visit_events.session_month,
    visit_events.occurred_at
from visit_events
inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
left join recommendation_clicks on recommendation_clicks.event_id = visit_events.event_id
left join last_product_carts
    on last_product_carts.session_id = visit_events.session_id
    and last_product_carts.product_id = visit_events.product_id
left join stg_products as shown_products on shown_products.product_id = visit_events.product_id
left join stg_products as anchor_products on anchor_products.product_id = visit_events.anchor_product_id
where visit_events.event_type = 'recommendation_impression'
