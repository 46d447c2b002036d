-- Paths add up to the orders and revenue of the shop without renewals. Missing ones would distort the shares of all
-- paths.
with

conversion_paths as (select * from {{ ref('conversion_paths') }}),

orders as (select * from {{ ref('orders') }}),

path_totals as (
    select
        coalesce(sum(conversions), 0) as conversions,
        coalesce(sum(first_conversions + repeat_conversions), 0) as conversions_of_types,
        coalesce(sum(paths - non_conversions), 0) as won_paths,
        coalesce(sum(revenue), 0) as revenue
    from conversion_paths
),

placed_totals as (
    select
        count(*) as orders,
        coalesce(sum(net_revenue), 0) as net_revenue
    from orders
    where is_valid and not is_renewal
)

select
    path_totals.conversions,
    path_totals.conversions_of_types,
    path_totals.won_paths,
    placed_totals.orders,
    path_totals.revenue,
    placed_totals.net_revenue
from path_totals
cross join placed_totals
where
    path_totals.conversions <> placed_totals.orders
    or path_totals.conversions_of_types <> placed_totals.orders
    or path_totals.won_paths <> placed_totals.orders
    or path_totals.revenue <> placed_totals.net_revenue
