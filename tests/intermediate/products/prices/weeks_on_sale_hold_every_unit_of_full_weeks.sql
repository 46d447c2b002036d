-- Units that fell out between the sales and the regression would bend its slope.
with

product_price_weeks as (
    select * from {{ ref('int_product_price_weeks') }}
),

price_weeks as (
    select * from {{ ref('int_price_weeks') }}
),

weeks_on_sale as (
    select * from {{ ref('int_product_weeks_on_sale') }}
),

sold as (
    select
        product_price_weeks.product_id,
        sum(product_price_weeks.units) as units
    from product_price_weeks
    inner join price_weeks on price_weeks.week_date = product_price_weeks.week_date
    group by product_price_weeks.product_id
),

seen as (
    select
        product_id,
        sum(units) as units,
        min(case when has_sale then unit_prices / priced_purchases end) as lowest_price
    from weeks_on_sale
    group by product_id
)

select
    coalesce(sold.product_id, seen.product_id) as product_id,
    sold.units,
    seen.units as units_seen,
    seen.lowest_price
from sold
full outer join seen on seen.product_id = sold.product_id
where
    coalesce(sold.units, 0) <> coalesce(seen.units, 0)
    or not coalesce(seen.lowest_price > 0, false)
