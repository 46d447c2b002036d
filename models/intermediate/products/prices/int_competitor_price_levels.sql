with

stg_competitor_prices as (select * from {{ ref('stg_competitor_prices') }}),

exchange_rates_daily as (select * from {{ ref('int_exchange_rates_daily') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }}),

elasticity_rules as (select * from {{ ref('elasticity_rules') }}),

-- Each competitor counts once, with its latest price. There is one price per competitor and day, so the latest is
-- unique. Older prices are left out, because they do not describe today's market.
ranked_prices as (
    select
        stg_competitor_prices.product_id,
        {{ converted('stg_competitor_prices.price', 'exchange_rates_daily.rate') }} as price,
        row_number() over (
            partition by stg_competitor_prices.product_id, stg_competitor_prices.competitor
            order by stg_competitor_prices.price_date desc
        ) as price_rank
    from stg_competitor_prices
    cross join stg_run_period
    cross join elasticity_rules
    inner join exchange_rates_daily
        on exchange_rates_daily.currency = stg_competitor_prices.currency
        and exchange_rates_daily.rate_date = stg_competitor_prices.price_date
    where
        {{ days_between('stg_competitor_prices.price_date', 'stg_run_period.as_of_date') }}
        < elasticity_rules.competitor_price_days
)

select
    product_id,
    count(*) as competitors,
    {{ money('sum(price)') }} as total_price
from ranked_prices
where
    price_rank = 1
    and price > 0
group by product_id
