with

basket_lines as (select * from {{ ref('int_basket_lines') }}),

recommendation_rules as (select * from {{ ref('recommendation_rules') }}),

basket_days as (
    select
        order_date,
        count(distinct order_id) as baskets
    from basket_lines
    group by order_date
),

days_so_far as (
    select
        order_date,
        sum(baskets) over (order by order_date) - baskets as baskets_before,
        sum(baskets) over () as baskets
    from basket_days
)

select min(days_so_far.order_date) as cutoff_date
from days_so_far
cross join recommendation_rules
where 100 * days_so_far.baskets_before >= recommendation_rules.training_percent * days_so_far.baskets
