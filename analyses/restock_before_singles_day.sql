-- What must be in stock when the next Singles' Day begins? Expected units are today's demand times the category's
-- index on the days of the occasion. Units left are stock on hand and on order, less today's demand until then; 0 for
-- a product that was never counted. The shortfall must be ordered by order_by_date: the lead time of its plan before
-- the first of these days, on top of regular reorders. Every product is assumed to rise as its category does.
with

product_performance as (select * from {{ ref('product_performance') }}),

replenishment_plan as (select * from {{ ref('replenishment_plan') }}),

category_seasonality as (select * from {{ ref('category_seasonality') }}),

calendar_occasions as (select * from {{ ref('calendar_occasions') }}),

calendar_occasion_dates as (select * from {{ ref('calendar_occasion_dates') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

sale_days as (
    select
        calendar_occasions.occasion,
        calendar_occasions.days_before + 1 + calendar_occasions.days_after as days,
        cast({{ dbt.dateadd(
            'day', '-calendar_occasions.days_before', 'calendar_occasion_dates.occasion_date'
        ) }} as date) as first_date
    from calendar_occasions
    inner join calendar_occasion_dates on calendar_occasion_dates.occasion = calendar_occasions.occasion
    where calendar_occasions.occasion = 'singles_day'
),

next_sale as (
    select
        sale_days.occasion,
        sale_days.days,
        min(sale_days.first_date) as first_date,
        min({{ days_between('stg_run_period.as_of_date', 'sale_days.first_date') }}) as days_until
    from sale_days
    inner join stg_run_period on stg_run_period.as_of_date < sale_days.first_date
    group by sale_days.occasion, sale_days.days
),

expected_sales as (
    select
        product_performance.product_id,
        product_performance.product_name,
        product_performance.category,
        category_seasonality.index as category_index,
        replenishment_plan.plan,
        product_performance.days_of_cover,
        product_performance.daily_units * next_sale.days * cast(category_seasonality.index as decimal(18, 4))
            as expected_units,
        greatest(
            coalesce(product_performance.on_hand_quantity, 0) + coalesce(product_performance.on_order_quantity, 0)
            - product_performance.daily_units * next_sale.days_until, 0
        ) as units_left,
        product_performance.recent_units,
        product_performance.recent_net_revenue,
        cast({{ dbt.dateadd('day', '-replenishment_plan.lead_time_days', 'next_sale.first_date') }} as date)
            as order_by_date
    from product_performance
    cross join next_sale
    inner join category_seasonality
        on category_seasonality.category = product_performance.category
        and category_seasonality.season_type = 'occasion'
        and category_seasonality.season = next_sale.occasion
    inner join replenishment_plan
        on replenishment_plan.level = 'product'
        and replenishment_plan.item = product_performance.product_id
    where product_performance.recent_units > 0
)

select
    product_id,
    product_name,
    plan,
    round(expected_units, 1) as expected_units,
    ceil(expected_units - units_left) as units_to_order,
    {{ rounded_ratio('(expected_units - units_left) * recent_net_revenue', 'recent_units') }} as net_revenue_at_stake,
    order_by_date,
    category,
    category_index,
    days_of_cover
from expected_sales
where expected_units > units_left
order by net_revenue_at_stake desc, product_id
