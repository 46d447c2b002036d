-- The months of a category add up to its revenue and to all observed days; a lost or doubled day would bias indices.
with

category_seasonality as (select * from {{ ref('category_seasonality') }}),

category_performance as (select * from {{ ref('category_performance') }}),

month_sums as (
    select
        category,
        sum(net_revenue) as net_revenue,
        sum(days) as days,
        min(all_days) as all_days
    from category_seasonality
    where season_type = 'month'
    group by category
),

category_revenues as (
    select
        category,
        sum(net_revenue) as net_revenue
    from category_performance
    group by category
)

select
    coalesce(month_sums.category, category_revenues.category) as category,
    month_sums.net_revenue as month_net_revenue,
    category_revenues.net_revenue,
    month_sums.days,
    month_sums.all_days
from month_sums
full outer join category_revenues on category_revenues.category = month_sums.category
where
    month_sums.net_revenue is distinct from category_revenues.net_revenue
    or month_sums.days is distinct from month_sums.all_days
