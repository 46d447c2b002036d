-- There is exactly one row of valid rules: two would double every recommendation, and the backtest needs ten products.
with

recommendation_rules as (select * from {{ ref('recommendation_rules') }})

select
    count(*) as rules,
    min(training_percent) as training_percent,
    min(repeat_percent) as repeat_percent,
    min(list_products) as list_products
from recommendation_rules
having
    count(*) <> 1
    or coalesce(min(training_percent), 0) not between 1 and 99
    or coalesce(min(repeat_percent), -1) not between 0 and 100
    or coalesce(min(repeat_min_buyers), 0) < 1
    or coalesce(min(profile_products), 0) < 1
    or coalesce(min(category_products), 0) < 1
    or coalesce(min(list_products), 0) < 10
    or coalesce(min(neighbours), 0) < min(list_products)
    or coalesce(min(popular_products), 0) < min(list_products)
