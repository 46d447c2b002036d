with

raw_orders as (
    select * from {{ source('raw', 'orders') }}
)

select
    order_id,
    customer_id,
    cast(total_amount as decimal(18, 2)) as net_revenue,
    row_number() over (partition by customer_id order by ordered_at, order_id) as order_number,
    cast(ordered_at as date) as order_date,
    cast(ordered_at as timestamp) as ordered_at
from raw_orders
where cast(ordered_at as date) <= coalesce({{ as_of_date('null') }}, date '9999-12-31')
