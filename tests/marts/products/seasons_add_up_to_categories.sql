-- The twelve months of a category are all its revenue and all days; a day lost or doubled would bend every index.
with

category_seasonality as (
    select * from {{ ref('category_seasonality') }}
),

category_performance as (
    select * from {{ ref('category_performance') }}
),

of_months as (
    select
        category,
        sum(net_revenue) as net_revenue,
        sum(days) as days,
        min(all_days) as all_days
    from category_seasonality
    where season_type = 'month'
    group by category
),

of_categories as (
    select
        category,
        net_revenue
    from category_performance
    where period = 'all' and breakdown = 'all'
)

select
    coalesce(of_months.category, of_categories.category) as category,
    of_months.net_revenue as month_net_revenue,
    of_categories.net_revenue,
    of_months.days,
    of_months.all_days
from of_months
full outer join of_categories on of_categories.category = of_months.category
where
    of_months.net_revenue is distinct from of_categories.net_revenue
    or of_months.days is distinct from of_months.all_days
