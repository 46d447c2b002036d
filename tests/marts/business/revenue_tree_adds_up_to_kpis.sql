-- revenue_tree and kpi_monthly have the same revenue, orders and buyers. Otherwise the explanation of a
-- change contradicts the report.
with

revenue_tree as (select * from {{ ref('revenue_tree') }}),

kpi_monthly as (select * from {{ ref('kpi_monthly') }})

select
    kpi_monthly.month,
    kpi_monthly.kpi,
    kpi_monthly.numerator,
    revenue_tree.net_revenue,
    revenue_tree.orders,
    revenue_tree.buyers
from kpi_monthly
left join revenue_tree on revenue_tree.month = kpi_monthly.month
where
    (kpi_monthly.kpi = 'net_revenue' and kpi_monthly.numerator is distinct from revenue_tree.net_revenue)
    or (kpi_monthly.kpi = 'orders' and kpi_monthly.numerator is distinct from revenue_tree.orders)
    or (kpi_monthly.kpi = 'buyers' and kpi_monthly.numerator is distinct from revenue_tree.buyers)
