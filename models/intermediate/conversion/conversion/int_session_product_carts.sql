with

visit_events as (select * from {{ ref('int_visit_events') }}),

session_outcomes as (select * from {{ ref('int_session_outcomes') }}),

cart_events as (
    select
        visit_events.session_id,
        visit_events.product_id,
        visit_events.event_number,
        -- An order empties the cart.
        case
            when visit_events.occurred_at <= session_outcomes.last_order_at then 0
            when visit_events.is_cart_addition then coalesce(visit_events.quantity, 1)
            else -coalesce(visit_events.quantity, 1)
        end as quantity_change,
        visit_events.session_month,
        case when visit_events.is_cart_addition then visit_events.occurred_at end as carted_at
    from visit_events
    inner join session_outcomes on session_outcomes.session_id = visit_events.session_id
    where
        (visit_events.is_cart_addition or visit_events.event_type = 'remove_from_cart')
        and visit_events.product_id is not null
),

running_quantities as (
    select
        session_id, product_id, quantity_change, session_month, carted_at,
        sum(quantity_change) over (
            partition by session_id, product_id order by event_number rows unbounded preceding
        ) as quantity_so_far
    from cart_events
)

-- A cart never holds less than nothing: what was removed beyond it, such as units of an earlier session, takes nothing
-- from what is added later.
select
    session_id,
    product_id,
    cast(sum(quantity_change) - least(min(quantity_so_far), 0) as decimal(18, 3)) as left_quantity,
    min(session_month) as session_month,
    max(carted_at) as last_cart_at
from running_quantities
group by session_id, product_id
