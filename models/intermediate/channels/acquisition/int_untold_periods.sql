with

channel_traffic as (select * from {{ ref('int_channel_traffic') }}),

channel_sales as (select * from {{ ref('int_channel_sales') }}),

channel_customers as (select * from {{ ref('int_channel_customers') }}),

visit_sources as (select * from {{ ref('int_visit_sources') }}),

channel_rows as (
    select period, channel, sessions, 0 as orders, 0 as new_customers from channel_traffic
    union all
    select period, channel, 0 as sessions, orders, 0 as new_customers from channel_sales
    union all
    select period, acquisition_channel as channel, 0 as sessions, 0 as orders, new_customers from channel_customers
)

-- Where visits tell no source, what has no channel may belong to any of them, so that none of a channel is not known.
select
    channel_rows.period,
    sum(channel_rows.sessions) > 0 as has_untold_visits,
    sum(channel_rows.orders) > 0 as has_untold_orders,
    sum(channel_rows.new_customers) > 0 as has_untold_customers
from channel_rows
cross join visit_sources
where channel_rows.channel in ('direct', 'unattributed') and not visit_sources.has_sources
group by channel_rows.period
