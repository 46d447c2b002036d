-- The price regression sees every unit sold in a full week; a lost unit would bias its slope.
with

product_price_weeks as (select * from {{ ref('int_product_price_weeks') }}),

price_weeks as (select * from {{ ref('int_price_weeks') }}),

product_weeks_on_sale as (select * from {{ ref('int_product_weeks_on_sale') }}),

sold_units as (
    select
        product_price_weeks.product_id,
        sum(product_price_weeks.units) as units
    from product_price_weeks
    inner join price_weeks on price_weeks.week_date = product_price_weeks.week_date
    group by product_price_weeks.product_id
),

regression_units as (
    select
        product_id,
        sum(units) as units,
        min(case when has_sale then unit_prices / priced_purchases end) as lowest_price
    from product_weeks_on_sale
    group by product_id
)

select
    coalesce(sold_units.product_id, regression_units.product_id) as product_id,
    sold_units.units,
    regression_units.units as units_seen,
    regression_units.lowest_price
from sold_units
full outer join regression_units on regression_units.product_id = sold_units.product_id
where
    coalesce(sold_units.units, 0) <> coalesce(regression_units.units, 0)
    or not coalesce(regression_units.lowest_price > 0, false)
