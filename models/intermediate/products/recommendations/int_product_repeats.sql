with

basket_items as (select * from {{ ref('int_basket_items') }}),

customer_products as (
    select
        item as product_id,
        customer_id,
        count(distinct order_date) as days,
        count(distinct case when is_training then order_date end) as training_days
    from basket_items
    where
        level = 'product'
        and is_known_customer
    group by item, customer_id
)

select
    'as_of' as scope,
    product_id,
    count(*) as buyers,
    count(*) filter (where days > 1) as repeat_buyers
from customer_products
group by product_id

union all

select
    'backtest' as scope,
    product_id,
    count(*) as buyers,
    count(*) filter (where training_days > 1) as repeat_buyers
from customer_products
where training_days > 0
group by product_id
