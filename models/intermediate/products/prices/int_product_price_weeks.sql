with

product_lines as (select * from {{ ref('int_product_lines') }}),

-- One price per order and product, because a shop may write n units as one line or as n lines. Free lines are left out,
-- because they have no price.
order_prices as (
    select
        product_id,
        order_id,
        sum(quantity) as units,
        sum(net_revenue) as net_revenue,
        cast(date_trunc('week', order_date) as date) as week_date
    from product_lines
    where
        is_sale
        and net_revenue > 0
    group by product_id, order_id, cast(date_trunc('week', order_date) as date)
)

-- Unit prices are rounded before the sum, so that the sum does not depend on the order of rows.
select
    product_id,
    count(*) as purchases,
    sum(units) as units,
    {{ money('sum(net_revenue)') }} as net_revenue,
    sum(cast(round(cast(net_revenue as double) / cast(units as double), 6) as decimal(24, 6))) as unit_prices,
    week_date
from order_prices
group by product_id, week_date
