with

orders_fulfilled as (select * from {{ ref('int_orders_fulfilled') }}),

-- The order id breaks ties; equal times have the same value at any rank.
ranked_deliveries as (
    select
        order_month,
        sales_channel,
        delivery_method,
        delivery_seconds,
        row_number() over (
            partition by order_month, sales_channel, delivery_method order by delivery_seconds, order_id
        ) as delivery_rank,
        count(*) over (partition by order_month, sales_channel, delivery_method) as deliveries
    from orders_fulfilled
    where delivery_seconds is not null
)

select
    sales_channel,
    delivery_method,
    count(*) as timed_deliveries,
    {{ doubled_median('delivery_seconds', 'delivery_rank', 'deliveries') }} as doubled_median_seconds,
    {{ ranked_quantile('delivery_seconds', 'delivery_rank', 'deliveries', 9, 10) }} as p90_seconds,
    order_month
from ranked_deliveries
group by order_month, sales_channel, delivery_method
