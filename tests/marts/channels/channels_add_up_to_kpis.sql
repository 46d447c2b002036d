-- If channels do not add up to the shop, one of two dashboards is wrong. The whole period must be the sum of months.
with

channel_efficiency as (select * from {{ ref('channel_efficiency') }}),

channel_efficiency_overall as (select * from {{ ref('channel_efficiency_overall') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

channel_rows as (
    select
        substr(cast(month as {{ dbt.type_string() }}), 1, 7) as period,
        orders, net_revenue, sessions, converting_sessions, spend, new_customers
    from channel_efficiency
    union all
    select 'all' as period, orders, net_revenue, sessions, converting_sessions, spend, new_customers
    from channel_efficiency_overall
),

channel_totals as (
    select
        period,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue,
        sum(sessions) as sessions,
        sum(converting_sessions) as converting_sessions,
        sum(spend) as spend,
        sum(new_customers) as new_customers
    from channel_rows
    group by period
),

kpi_rows as (
    select substr(cast(date as {{ dbt.type_string() }}), 1, 7) as period, * from kpi_daily
    union all
    select 'all' as period, * from kpi_daily
),

kpi_totals as (
    select
        period,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue,
        sum(sessions) as sessions,
        sum(converting_sessions) as converting_sessions,
        sum(spend) as spend,
        sum(new_buyers) as new_customers
    from kpi_rows
    group by period
)

select
    coalesce(channel_totals.period, kpi_totals.period) as period,
    channel_totals.orders as channel_orders,
    kpi_totals.orders as kpi_orders,
    channel_totals.net_revenue as channel_net_revenue,
    kpi_totals.net_revenue as kpi_net_revenue,
    channel_totals.sessions as channel_sessions,
    kpi_totals.sessions as kpi_sessions,
    channel_totals.spend as channel_spend,
    kpi_totals.spend as kpi_spend,
    channel_totals.new_customers as channel_new_customers,
    kpi_totals.new_customers as kpi_new_customers
from channel_totals
full join kpi_totals on kpi_totals.period = channel_totals.period
where
    coalesce(channel_totals.orders, 0) <> coalesce(kpi_totals.orders, 0)
    or coalesce(channel_totals.net_revenue, 0) <> coalesce(kpi_totals.net_revenue, 0)
    or coalesce(channel_totals.sessions, 0) <> coalesce(kpi_totals.sessions, 0)
    or coalesce(channel_totals.converting_sessions, 0) <> coalesce(kpi_totals.converting_sessions, 0)
    or coalesce(channel_totals.spend, 0) <> coalesce(kpi_totals.spend, 0)
    or coalesce(channel_totals.new_customers, 0) <> coalesce(kpi_totals.new_customers, 0)
