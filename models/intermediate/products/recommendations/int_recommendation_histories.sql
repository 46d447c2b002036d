with

customer_baskets as (select * from {{ ref('int_customer_baskets') }}),

basket_cutoff as (select * from {{ ref('int_basket_cutoff') }})

select
    'as_of' as scope,
    customer_id,
    order_id,
    baskets
from customer_baskets

union all

-- Baskets before the last one, of customers whose last basket is on or after the cut-off date and who have an earlier
-- basket.
select
    'backtest' as scope,
    customer_baskets.customer_id,
    customer_baskets.order_id,
    customer_baskets.baskets - 1 as baskets
from customer_baskets
cross join basket_cutoff
where
    customer_baskets.last_basket_date >= basket_cutoff.cutoff_date
    and customer_baskets.basket_number < customer_baskets.baskets
