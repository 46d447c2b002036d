with

channel_traffic as (select * from {{ ref('int_channel_traffic') }}),

channel_sales as (select * from {{ ref('int_channel_sales') }}),

channel_customers as (select * from {{ ref('int_channel_customers') }}),

channel_spending as (select * from {{ ref('int_channel_spending') }}),

visit_sources as (select * from {{ ref('int_visit_sources') }}),

channel_rows as (
    select channel, sessions, 0 as orders, 0 as new_customers from channel_traffic
    union all
    select channel, 0 as sessions, orders, 0 as new_customers from channel_sales
    union all
    select acquisition_channel as channel, 0 as sessions, 0 as orders, new_customers from channel_customers
    union all
    select channel, 0 as sessions, 0 as orders, 0 as new_customers from channel_spending
),

channel_sums as (
    select
        channel,
        sum(sessions) as sessions,
        sum(orders) as orders,
        sum(new_customers) as new_customers
    from channel_rows
    group by channel
)

-- Only visits that tell their source show that a channel brought nothing, unless something else tells it in other
-- months, such as the store where an order was placed.
select
    channel_sums.channel,
    visit_sources.has_sources or channel_sums.sessions > 0 as has_known_visits,
    visit_sources.has_sources or channel_sums.orders > 0 as has_known_orders,
    visit_sources.has_sources or channel_sums.orders > 0 or channel_sums.new_customers > 0 as has_known_customers
from channel_sums
cross join visit_sources
