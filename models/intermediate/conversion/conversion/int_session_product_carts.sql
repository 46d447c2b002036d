with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

cart_events as (
    select
        visit_events.session_id,
        visit_events.product_id,
        visit_events.session_month,
        visit_events.is_cart_addition,
        -- An order empties the cart.
        coalesce(visit_events.occurred_at > session_outcomes.last_order_at, true) as is_after_orders,
        coalesce(visit_events.quantity, 1) as quantity,
        visit_events.occurred_at
    from visit_events
    inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
    where
        (visit_events.is_cart_addition or visit_events.event_type = 'remove_from_cart')
        and visit_events.product_id is not null
)

select
    session_id,
    product_id,
    cast(greatest(coalesce(sum(
        case when is_cart_addition then quantity else -quantity end
    ) filter (where is_after_orders), 0), 0) as decimal(18, 3)) as left_quantity,
    min(session_month) as session_month,
    max(case when is_cart_addition then occurred_at end) as last_cart_at
from cart_events
group by session_id, product_id
