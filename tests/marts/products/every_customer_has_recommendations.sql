-- Every customer without orders has recommendations, and no list has a gap; otherwise a page would stay empty.
with

customers as (select * from {{ ref('customers') }}),

customer_recommendations as (select * from {{ ref('customer_recommendations') }}),

customer_lists as (
    select
        customer_id,
        count(*) as products,
        max(rank) as last_rank
    from customer_recommendations
    group by customer_id
),

all_lists as (
    select count(*) as lists from customer_lists
)

select
    customers.customer_id,
    customer_lists.products,
    customer_lists.last_rank
from customers
cross join all_lists
left join customer_lists on customer_lists.customer_id = customers.customer_id
where
    customer_lists.products <> customer_lists.last_rank
    or (
        all_lists.lists > 0
        and customers.orders = 0
        and customers.is_known_customer
        and customer_lists.customer_id is null
    )
