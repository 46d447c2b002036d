with

product_lines as (select * from {{ ref('int_product_lines') }})

-- Free lines are left out, because they have no price. Unit prices are rounded before the sum, so that the sum does
-- not depend on the order of lines.
select
    product_id,
    count(*) as purchases,
    sum(quantity) as units,
    {{ money('sum(net_revenue)') }} as net_revenue,
    sum(
        cast(
            round(
                cast(net_revenue as double) / cast(quantity as double), 6
            ) as decimal(24, 6)
        )
    ) as unit_prices,
    cast(date_trunc('week', order_date) as date) as week_date
from product_lines
where
    is_sale
    and net_revenue > 0
group by product_id, cast(date_trunc('week', order_date) as date)
