with

product_price_weeks as (select * from {{ ref('int_product_price_weeks') }}),

price_weeks as (select * from {{ ref('int_price_weeks') }}),

sold_weeks as (
    select
        product_price_weeks.product_id,
        product_price_weeks.units,
        product_price_weeks.purchases,
        product_price_weeks.unit_prices,
        price_weeks.week_date
    from product_price_weeks
    inner join price_weeks on price_weeks.week_date = product_price_weeks.week_date
),

-- The weeks run from the first to the last sale: before it the price is unknown, and after it the product may no
-- longer be on sale.
selling_spans as (
    select
        product_id,
        min(week_date) as first_week_date,
        max(week_date) as last_week_date
    from sold_weeks
    group by product_id
),

span_weeks as (
    select
        selling_spans.product_id,
        price_weeks.is_on_promotion,
        price_weeks.week_date,
        price_weeks.month
    from selling_spans
    inner join price_weeks
        on price_weeks.week_date >= selling_spans.first_week_date
        and price_weeks.week_date <= selling_spans.last_week_date
)

select
    span_weeks.product_id,
    coalesce(sold_weeks.units, 0) as units,
    {{ last_known('sold_weeks.purchases') }} over (
        partition by span_weeks.product_id
        order by span_weeks.week_date
        rows between unbounded preceding and current row
    ) as priced_purchases,
    {{ last_known('sold_weeks.unit_prices') }} over (
        partition by span_weeks.product_id
        order by span_weeks.week_date
        rows between unbounded preceding and current row
    ) as unit_prices,
    sold_weeks.product_id is not null as has_sale,
    span_weeks.is_on_promotion,
    span_weeks.week_date,
    span_weeks.month
from span_weeks
left join sold_weeks
    on sold_weeks.product_id = span_weeks.product_id
    and sold_weeks.week_date = span_weeks.week_date
