with

product_price_weeks as (
    select * from {{ ref('int_product_price_weeks') }}
),

run_period as (
    select * from {{ ref('stg_run_period') }}
),

elasticity_rules as (
    select * from {{ ref('elasticity_rules') }}
),

ranked_weeks as (
    select
        product_id,
        units,
        net_revenue,
        week_date,
        row_number() over (partition by product_id order by week_date desc) as week_rank
    from product_price_weeks
)

select
    ranked_weeks.product_id,
    ranked_weeks.units,
    ranked_weeks.net_revenue,
    {{ days_between('ranked_weeks.week_date', 'run_period.as_of_date') }} < elasticity_rules.competitor_price_days
    as is_recent,
    ranked_weeks.week_date
from ranked_weeks
cross join run_period
cross join elasticity_rules
where ranked_weeks.week_rank = 1
