-- Categories of a month add up to its revenue, and each customer group's revenue is that of its categories; otherwise
-- category and KPI reports contradict each other.
with

category_performance as (select * from {{ ref('category_performance') }}),

kpi_daily as (select * from {{ ref('kpi_daily') }}),

month_totals as (
    select
        {{ month_of('date') }} as month,
        sum(net_revenue) as net_revenue
    from kpi_daily
    group by {{ month_of('date') }}
),

category_totals as (
    select
        month,
        sum(net_revenue) as net_revenue
    from category_performance
    group by month
),

customer_groups as (
    select
        month,
        sum(net_revenue) as net_revenue,
        min(group_net_revenue) as least_group_net_revenue,
        max(group_net_revenue) as most_group_net_revenue
    from category_performance
    group by month, city_tier, age_band, gender
)

select
    month_totals.month,
    month_totals.net_revenue as kpi_net_revenue,
    category_totals.net_revenue
from month_totals
left join category_totals on category_totals.month = month_totals.month
where month_totals.net_revenue <> coalesce(category_totals.net_revenue, 0)
union all
select
    month,
    least_group_net_revenue as kpi_net_revenue,
    net_revenue
from customer_groups
where least_group_net_revenue <> net_revenue or most_group_net_revenue <> net_revenue
