with

order_categories as (select * from {{ ref('int_order_categories') }}),

order_circumstances as (select * from {{ ref('int_order_circumstances') }}),

season_days as (select * from {{ ref('int_season_days') }}),

-- Months cover every observed day once, so together they are the observed period.
observed_day_count as (
    select count(*) as all_days
    from season_days
    where season_type = 'month'
),

category_days as (
    select
        order_categories.category,
        order_circumstances.order_date,
        count(*) as orders,
        sum(order_categories.net_revenue) as net_revenue
    from order_categories
    inner join order_circumstances on order_circumstances.order_id = order_categories.order_id
    group by order_categories.category, order_circumstances.order_date
),

category_totals as (
    select
        category,
        sum(net_revenue) as all_net_revenue
    from category_days
    group by category
),

seasons as (
    select
        season_type,
        season,
        count(distinct season_date) as occurrences,
        count(*) as days
    from season_days
    group by season_type, season
),

season_sales as (
    select
        category_days.category,
        season_days.season_type,
        season_days.season,
        sum(category_days.orders) as orders,
        sum(category_days.net_revenue) as net_revenue
    from category_days
    inner join season_days on season_days.date = category_days.order_date
    group by category_days.category, season_days.season_type, season_days.season
),

-- A season without sales of the category is a row too.
category_seasons as (
    select
        category_totals.category,
        seasons.season_type,
        seasons.season,
        seasons.occurrences,
        seasons.days,
        observed_day_count.all_days,
        cast(coalesce(season_sales.orders, 0) as bigint) as orders,
        {{ money('coalesce(season_sales.net_revenue, 0)') }} as net_revenue,
        {{ money('category_totals.all_net_revenue') }} as all_net_revenue
    from category_totals
    cross join seasons
    cross join observed_day_count
    left join season_sales
        on season_sales.category = category_totals.category
        and season_sales.season_type = seasons.season_type
        and season_sales.season = seasons.season
)

select
    category,
    season_type,
    season,
    occurrences,
    days,
    all_days,
    orders,
    net_revenue,
    all_net_revenue,
    {{ mean_amount('(net_revenue * all_days - all_net_revenue * days)', 'all_days') }} as extra_net_revenue,
    {{ rounded_ratio('(net_revenue * all_days)', '(all_net_revenue * days)') }} as season_index
from category_seasons
