-- Which occasions come in the next 120 days, and what sells then? One row per occasion and category that sold clearly
-- above its usual day, with the extra revenue and the scene to show. An index from few orders is unreliable.
-- index_against_shop above 1 means that the season is the category's own, not only the shop's.
with

category_seasonality as (select * from {{ ref('category_seasonality') }}),

calendar_occasion_dates as (select * from {{ ref('calendar_occasion_dates') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

coming_occasions as (
    select
        calendar_occasion_dates.occasion,
        calendar_occasion_dates.occasion_date,
        {{ days_between('stg_run_period.as_of_date', 'calendar_occasion_dates.occasion_date') }} as days_ahead
    from calendar_occasion_dates
    cross join stg_run_period
)

select
    coming_occasions.occasion_date,
    category_seasonality.label,
    category_seasonality.category,
    category_seasonality.index,
    category_seasonality.index_against_shop,
    category_seasonality.orders,
    category_seasonality.extra_net_revenue,
    category_seasonality.suggested_scene
from coming_occasions
inner join category_seasonality
    on category_seasonality.season_type = 'occasion'
    and category_seasonality.season = coming_occasions.occasion
where
    coming_occasions.days_ahead between 1 and 120
    and category_seasonality.suggested_scene is not null
order by coming_occasions.occasion_date, category_seasonality.extra_net_revenue desc, category_seasonality.category
