with

session_details as (select * from {{ ref('int_session_details') }}),

funnel_matches as (select * from {{ ref('int_funnel_matches') }}),

funnel_steps as (select * from {{ ref('funnel_steps') }}),

visit_events as (select * from {{ ref('int_visit_events') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

orders_validated as (select * from {{ ref('int_orders_validated') }}),

last_steps_reached as (
    select
        funnel_matches.session_id,
        max(case when funnel_steps.step_name = 'product' then funnel_matches.matched_at end) as last_product_at,
        max(case when funnel_steps.step_name = 'cart' then funnel_matches.matched_at end) as last_cart_at,
        max(case when funnel_steps.step_name = 'order' then funnel_matches.matched_at end) as last_order_at
    from funnel_matches
    inner join funnel_steps
        on funnel_steps.funnel = funnel_matches.funnel
        and funnel_steps.step_number = funnel_matches.step_number
    where funnel_matches.funnel = 'purchase' and not funnel_matches.is_bot
    group by funnel_matches.session_id
),

last_views as (
    select
        session_id,
        max(occurred_at) as last_view_at
    from visit_events
    where is_page_view
    group by session_id
),

last_valid_orders as (
    select
        order_sessions.session_id,
        max(date_trunc('second', stg_orders.ordered_at)) as last_valid_order_at
    from order_sessions
    inner join stg_orders on stg_orders.order_id = order_sessions.order_id
    inner join orders_validated on orders_validated.order_id = order_sessions.order_id
    where orders_validated.is_valid
    group by order_sessions.session_id
)

select
    session_details.session_id,
    last_views.last_view_at,
    last_steps_reached.last_product_at,
    last_steps_reached.last_cart_at,
    last_steps_reached.last_order_at,
    last_valid_orders.last_valid_order_at
from session_details
left join last_views on last_views.session_id = session_details.session_id
left join last_steps_reached on last_steps_reached.session_id = session_details.session_id
left join last_valid_orders on last_valid_orders.session_id = session_details.session_id
where not session_details.is_bot
