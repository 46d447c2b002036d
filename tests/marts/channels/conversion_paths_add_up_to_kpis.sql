-- Paths add up to the orders and revenue of the shop. Missing ones would distort the shares of all paths.
with

conversion_paths as (select * from {{ ref('conversion_paths') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

path_totals as (
    select
        coalesce(sum(conversions), 0) as conversions,
        coalesce(sum(first_conversions + repeat_conversions), 0) as conversions_of_types,
        coalesce(sum(paths - non_conversions), 0) as won_paths,
        coalesce(sum(revenue), 0) as revenue
    from conversion_paths
),

kpi_totals as (
    select
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue
    from kpi_daily
)

select
    path_totals.conversions,
    path_totals.conversions_of_types,
    path_totals.won_paths,
    kpi_totals.orders,
    path_totals.revenue,
    kpi_totals.net_revenue
from path_totals
cross join kpi_totals
where
    path_totals.conversions <> kpi_totals.orders
    or path_totals.conversions_of_types <> kpi_totals.orders
    or path_totals.won_paths <> kpi_totals.orders
    or path_totals.revenue <> kpi_totals.net_revenue
