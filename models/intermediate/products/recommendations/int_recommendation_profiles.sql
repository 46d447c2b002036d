with

recommendation_histories as (select * from {{ ref('int_recommendation_histories') }}),

basket_items as (select * from {{ ref('int_basket_items') }}),

customer_items as (
    select
        recommendation_histories.scope,
        recommendation_histories.customer_id,
        basket_items.level,
        basket_items.item,
        recommendation_histories.baskets,
        count(*) as orders,
        count(distinct basket_items.order_date) as days,
        max(basket_items.order_date) as last_order_date
    from recommendation_histories
    inner join basket_items on basket_items.order_id = recommendation_histories.order_id
    group by
        recommendation_histories.scope, recommendation_histories.customer_id, recommendation_histories.baskets,
        basket_items.level, basket_items.item
)

select
    customer_items.scope,
    customer_items.customer_id,
    customer_items.level,
    customer_items.item,
    customer_items.baskets,
    customer_items.orders,
    customer_items.days,
    {{ exact_share('customer_items.orders', 'customer_items.baskets') }} as order_share,
    customer_items.last_order_date
from customer_items
