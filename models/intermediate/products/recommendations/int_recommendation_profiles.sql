with

recommendation_histories as (
    select * from {{ ref('int_recommendation_histories') }}
),

basket_items as (
    select * from {{ ref('int_basket_items') }}
),

bought_items as (
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
    bought_items.scope,
    bought_items.customer_id,
    bought_items.level,
    bought_items.item,
    bought_items.baskets,
    bought_items.orders,
    bought_items.days,
    -- The latest purchase says most. Of one day the item bought more often comes first, then the smaller id.
    row_number() over (
        partition by bought_items.scope, bought_items.customer_id, bought_items.level
        order by bought_items.last_order_date desc, bought_items.orders desc, bought_items.item
    ) as recency_rank,
    {{ exact_share('bought_items.orders', 'bought_items.baskets') }} as order_share,
    bought_items.last_order_date
from bought_items
