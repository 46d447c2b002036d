with

order_items_valued as (
    select * from {{ ref('int_order_items_valued') }}
),

orders_valued as (
    select * from {{ ref('int_orders_valued') }}
)

-- What was given away has no price: it tells nothing of what people pay. Unit prices are rounded before they are added
-- up, so that the order of lines never decides.
select
    order_items_valued.product_id,
    count(*) as purchases,
    sum(order_items_valued.quantity) as units,
    {{ money('sum(order_items_valued.net_revenue)') }} as net_revenue,
    sum(
        cast(
            round(
                cast(order_items_valued.net_revenue as double) / cast(order_items_valued.quantity as double), 6
            ) as decimal(24, 6)
        )
    ) as unit_prices,
    cast(date_trunc('week', order_items_valued.order_date) as date) as week_date
from order_items_valued
inner join orders_valued on orders_valued.order_id = order_items_valued.order_id
where
    orders_valued.is_valid
    and order_items_valued.product_id is not null
    and order_items_valued.quantity > 0
    and order_items_valued.net_revenue > 0
group by order_items_valued.product_id, cast(date_trunc('week', order_items_valued.order_date) as date)
