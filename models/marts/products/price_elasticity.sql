with

price_elasticities as (select * from {{ ref('int_price_elasticities') }}),

product_price_weeks as (select * from {{ ref('int_product_price_weeks') }}),

competitor_price_levels as (select * from {{ ref('int_competitor_price_levels') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

elasticity_rules as (select * from {{ ref('elasticity_rules') }}),

-- An interval that reaches above 1 does not support a higher price: other causes changed units, or there is too little
-- data.
verdicts as (
    select
        product_id,
        case
            when model_status = 'not_converged' then 'unclear'
            when model_status <> 'fitted' then 'not_enough_price_moves'
            when elasticity_high < -1 then 'elastic'
            when elasticity_low > -1 and elasticity_high < 1 then 'inelastic'
            else 'unclear'
        end as verdict
    from price_elasticities
),

-- There is one row per product and week, so the latest week is unique.
ranked_weeks as (
    select
        product_id,
        units,
        net_revenue,
        week_date,
        row_number() over (partition by product_id order by week_date desc) as week_rank
    from product_price_weeks
),

latest_prices as (
    select
        ranked_weeks.product_id,
        ranked_weeks.units,
        ranked_weeks.net_revenue,
        {{ days_between(
            'ranked_weeks.week_date', 'stg_run_period.as_of_date'
        ) }} < elasticity_rules.competitor_price_days
            as is_recent,
        ranked_weeks.week_date
    from ranked_weeks
    cross join stg_run_period
    cross join elasticity_rules
    where ranked_weeks.week_rank = 1
)

select
    latest_prices.product_id,
    coalesce(verdicts.verdict, 'not_enough_price_moves') as verdict,
    coalesce(price_elasticities.model_status, 'too_few_weeks') as model_status,
    coalesce(price_elasticities.weeks, 0) as weeks,
    coalesce(price_elasticities.weeks_on_sale, 0) as weeks_on_sale,
    coalesce(price_elasticities.price_points, 0) as price_points,
    price_elasticities.elasticity,
    price_elasticities.elasticity_low,
    price_elasticities.elasticity_high,
    price_elasticities.promotion_effect,
    {{ rounded_ratio('latest_prices.net_revenue', 'latest_prices.units') }} as net_price,
    coalesce(competitor_price_levels.competitors, 0) as competitors,
    {{ rounded_ratio('competitor_price_levels.total_price', 'competitor_price_levels.competitors') }}
    as competitor_price,
    case
        when latest_prices.is_recent then {{ rounded_ratio(
            'latest_prices.net_revenue * cast(competitor_price_levels.competitors as decimal(10, 0))',
            'latest_prices.units * competitor_price_levels.total_price'
        ) }}
    end as relative_price,
    latest_prices.week_date as net_price_date
from latest_prices
left join price_elasticities on price_elasticities.product_id = latest_prices.product_id
left join verdicts on verdicts.product_id = latest_prices.product_id
left join competitor_price_levels on competitor_price_levels.product_id = latest_prices.product_id
