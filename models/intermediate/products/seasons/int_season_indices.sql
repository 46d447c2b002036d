with

category_days as (
    select * from {{ ref('int_category_days') }}
),

season_days as (
    select * from {{ ref('int_season_days') }}
),

-- Months follow one another without a gap, so that all of them together are the observed period.
whole_period as (
    select count(*) as all_days
    from season_days
    where season_type = 'month'
),

categories as (
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
    inner join season_days on season_days.date = category_days.date
    group by category_days.category, season_days.season_type, season_days.season
),

-- What a category did not sell in a season is a row too.
compared as (
    select
        categories.category,
        seasons.season_type,
        seasons.season,
        seasons.occurrences,
        seasons.days,
        whole_period.all_days,
        cast(coalesce(season_sales.orders, 0) as bigint) as orders,
        {{ money('coalesce(season_sales.net_revenue, 0)') }} as net_revenue,
        {{ money('categories.all_net_revenue') }} as all_net_revenue
    from categories
    cross join seasons
    cross join whole_period
    left join season_sales
        on season_sales.category = categories.category
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
from compared
