with

stg_orders as (select * from {{ ref('stg_orders') }})

select
    order_id,
    currency,
    {{ local_date('ordered_at') }} as order_date
from stg_orders
