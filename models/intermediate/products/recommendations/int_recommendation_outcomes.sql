with

recommendation_histories as (select * from {{ ref('int_recommendation_histories') }}),

customer_baskets as (select * from {{ ref('int_customer_baskets') }}),

basket_items as (select * from {{ ref('int_basket_items') }}),

backtest_customers as (
    select distinct customer_id
    from recommendation_histories
    where scope = 'backtest'
)

select
    backtest_customers.customer_id,
    basket_items.item as product_id,
    basket_items.order_id
from backtest_customers
inner join customer_baskets on customer_baskets.customer_id = backtest_customers.customer_id
inner join basket_items on basket_items.order_id = customer_baskets.order_id
where
    customer_baskets.basket_number = customer_baskets.baskets
    and basket_items.level = 'product'
