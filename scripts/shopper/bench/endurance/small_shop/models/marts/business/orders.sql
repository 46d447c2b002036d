with

int_orders as (
    select * from {{ ref('int_orders') }}
)

select
    order_id,
    customer_id,
    cast(order_number as bigint) as order_number,
    net_revenue,
    order_date,
    ordered_at
from int_orders
