with

base_competitor_prices as (select * from {{ ref('base_competitor_prices') }}),

stg_run_period as (select * from {{ ref('stg_run_period') }})

select
    base_competitor_prices.price_date,
    base_competitor_prices.product_id,
    base_competitor_prices.competitor,
    base_competitor_prices.price,
    base_competitor_prices.currency
from base_competitor_prices
cross join stg_run_period
where
    base_competitor_prices.is_current
    and base_competitor_prices.price_date <= stg_run_period.as_of_date
