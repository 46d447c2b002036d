with

int_sessions as (select * from {{ ref('int_sessions') }}),

int_customers as (select * from {{ ref('int_customers') }}),

visit_events as (select * from {{ ref('int_visit_events') }}),

stg_products as (select * from {{ ref('stg_products') }}),

product_events as (
    select
        int_customers.customer_id,
        stg_products.category,
        stg_products.brand,
        visit_events.page_type = 'product' and visit_events.is_page_view as is_view,
        visit_events.occurred_at
    from visit_events
    inner join int_sessions on int_sessions.session_id = visit_events.session_id
    inner join int_customers on int_customers.customer_id = int_sessions.person_id
    inner join stg_products on stg_products.product_id = visit_events.product_id
    where
        (visit_events.page_type = 'product' and visit_events.is_page_view)
        or visit_events.is_cart_addition
),

preferences as (
    select customer_id, 'category' as kind, category as preference, is_view, occurred_at from product_events
    union all
    select customer_id, 'brand' as kind, brand as preference, is_view, occurred_at from product_events
)

select
    customer_id,
    kind,
    preference,
    is_view,
    count(*) as events,
    occurred_at
from preferences
where preference is not null
group by customer_id, kind, preference, is_view, occurred_at
