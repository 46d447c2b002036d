with

basket_items as (select * from {{ ref('int_basket_items') }}),

distinct_baskets as (
    select distinct
        customer_id,
        order_id,
        order_date,
        ordered_at
    from basket_items
    where
        level = 'product'
        and is_known_customer
)

select
    order_id,
    customer_id,
    row_number() over (partition by customer_id order by ordered_at, order_id) as basket_number,
    count(*) over (partition by customer_id) as baskets,
    max(order_date) over (partition by customer_id) as last_basket_date,
    order_date
from distinct_baskets
