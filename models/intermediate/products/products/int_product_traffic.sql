with

visit_events as (select * from {{ ref('int_visit_events') }}),

int_sessions as (select * from {{ ref('int_sessions') }}),

order_sessions as (select * from {{ ref('int_order_sessions') }}),

product_lines as (select * from {{ ref('int_product_lines') }}),

timed_page_views as (
    select
        session_id,
        product_id,
        page_type,
        lead(occurred_at) over (partition by session_id order by view_number) as next_view_at,
        occurred_at
    from visit_events
    where is_page_view
),

-- A page view lasts until the session's next page view; the last one lasts until the session's last event.
product_interactions as (
    select
        timed_page_views.session_id,
        timed_page_views.product_id,
        1 as views,
        {{ seconds_between(
            'timed_page_views.occurred_at',
            "coalesce(timed_page_views.next_view_at, date_trunc('second', int_sessions.ended_at))"
        ) }} as view_seconds,
        0 as carts,
        timed_page_views.occurred_at
    from timed_page_views
    inner join int_sessions on int_sessions.session_id = timed_page_views.session_id
    where timed_page_views.page_type = 'product'
    union all
    select session_id, product_id, 0 as views, 0 as view_seconds, 1 as carts, occurred_at
    from visit_events
    where is_cart_addition
),

session_products as (
    select
        session_id,
        product_id,
        sum(views) as views,
        sum(view_seconds) as view_seconds,
        sum(carts) as carts,
        min(occurred_at) as first_seen_at
    from product_interactions
    where product_id is not null
    group by session_id, product_id
),

session_ordered_products as (
    select distinct
        order_sessions.session_id,
        product_lines.product_id
    from product_lines
    inner join order_sessions on order_sessions.order_id = product_lines.order_id
    where product_lines.is_sale
)

select
    session_products.product_id,
    cast(sum(session_products.views) as bigint) as views,
    cast(sum(session_products.view_seconds) as bigint) as view_seconds,
    cast(sum(session_products.carts) as bigint) as carts,
    count(*) filter (where session_products.views > 0) as viewing_sessions,
    count(*) filter (
        where session_products.views > 0 and session_ordered_products.product_id is not null
    ) as ordering_sessions,
    {{ local_date('min(session_products.first_seen_at)') }} as first_seen_date
from session_products
left join session_ordered_products
    on session_ordered_products.session_id = session_products.session_id
    and session_ordered_products.product_id = session_products.product_id
group by session_products.product_id
