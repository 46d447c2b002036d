-- Every method is evaluated on all eligible customers; a method with fewer of them would look better than it is.
with

recommendation_backtest as (select * from {{ ref('recommendation_backtest') }}),

order_items as (select * from {{ ref('order_items') }}),

customer_histories as (
    select
        customer_id,
        count(distinct order_id) as baskets,
        max(order_date) as last_basket_date
    from order_items
    where
        is_valid
        and quantity > 0
        and product_id is not null
        and customer_id <> 'unknown'
    group by customer_id
)

select
    recommendation_backtest.method,
    recommendation_backtest.k,
    recommendation_backtest.customers,
    count(customer_histories.customer_id) as eligible_customers
from recommendation_backtest
left join customer_histories
    on customer_histories.last_basket_date >= recommendation_backtest.cutoff_date
    and customer_histories.baskets > 1
group by
    recommendation_backtest.method, recommendation_backtest.k, recommendation_backtest.customers,
    recommendation_backtest.hits
having
    recommendation_backtest.customers <> count(customer_histories.customer_id)
    or recommendation_backtest.hits > recommendation_backtest.customers
