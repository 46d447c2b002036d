with

event_sessions as (select * from {{ ref('int_event_sessions') }}),

people_sessions as (select * from {{ ref('int_people_sessions') }}),

viewed_products as (
    select
        people_sessions.customer_id,
        event_sessions.product_id,
        max(event_sessions.occurred_at) as last_viewed_at
    from event_sessions
    inner join people_sessions on people_sessions.session_id = event_sessions.session_id
    where
        event_sessions.event_type = 'product_view'
        and event_sessions.product_id is not null
        and people_sessions.is_known_customer
    group by people_sessions.customer_id, event_sessions.product_id
),

-- Of two products viewed at the same time, the smaller id comes first.
ranked_views as (
    select
        customer_id,
        product_id,
        row_number() over (partition by customer_id order by last_viewed_at desc, product_id) as view_rank
    from viewed_products
)

select
    customer_id,
    max(product_id) filter (where view_rank = 1) as last_viewed_product_id,
    concat_ws(
        ', ',
        max(product_id) filter (where view_rank = 1),
        max(product_id) filter (where view_rank = 2),
        max(product_id) filter (where view_rank = 3)
    ) as last_viewed_products
from ranked_views
where view_rank <= 3
group by customer_id
