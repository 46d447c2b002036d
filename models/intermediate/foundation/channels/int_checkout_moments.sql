with

stg_events as (select * from {{ ref('stg_events') }}),

event_type_roles as (select * from {{ ref('event_type_roles') }}),

urls_parsed as (select * from {{ ref('int_urls_parsed') }}),

checkout_paths as (select * from {{ ref('int_checkout_paths') }}),

checkout_pages as (select * from {{ ref('checkout_pages') }}),

stg_orders as (select * from {{ ref('stg_orders') }}),

stg_payments as (select * from {{ ref('stg_payments') }}),

order_visitors as (select * from {{ ref('int_order_visitors') }})

-- Orders and payments count as well, since a tracker can miss the steps; renewals happen without a visit.
select
    stg_events.visitor_id,
    stg_events.occurred_at as moment
from stg_events
inner join event_type_roles on event_type_roles.event_type = stg_events.event_type
left join urls_parsed on urls_parsed.url = stg_events.page_url
left join checkout_paths on checkout_paths.path = urls_parsed.path
left join checkout_pages on checkout_pages.page_type = stg_events.page_type
where event_type_roles.is_checkout_step or checkout_paths.path is not null or checkout_pages.page_type is not null
union
select
    order_visitors.visitor_id,
    stg_orders.ordered_at as moment
from stg_orders
inner join order_visitors on order_visitors.order_id = stg_orders.order_id
where not coalesce(stg_orders.is_renewal, false)
union
select
    order_visitors.visitor_id,
    stg_payments.attempted_at as moment
from stg_payments
inner join stg_orders on stg_orders.order_id = stg_payments.order_id
inner join order_visitors on order_visitors.order_id = stg_payments.order_id
where not coalesce(stg_orders.is_renewal, false)
