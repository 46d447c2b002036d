with

valid_orders as (
    select * from {{ ref('int_orders_valued') }} where is_valid and is_known_customer
)

select
    customer_id,
    count(*) as orders,
    count(*) filter (where is_discounted) as discounted_orders,
    {{ exact_ratio('count(*) filter (where is_discounted)', 'count(*)') }} as discounted_order_share
from valid_orders
group by customer_id
