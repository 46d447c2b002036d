-- A customer without a list, or with a gap in it, sees an empty shelf; who bought nothing yet still gets what is
-- popular.
with

customers as (
    select * from {{ ref('customers') }}
),

customer_recommendations as (
    select * from {{ ref('customer_recommendations') }}
),

lists as (
    select
        customer_id,
        count(*) as products,
        max(rank) as last_rank
    from customer_recommendations
    group by customer_id
),

shelf as (
    select count(*) as lists from lists
)

select
    customers.customer_id,
    lists.products,
    lists.last_rank
from customers
cross join shelf
left join lists on lists.customer_id = customers.customer_id
where
    lists.products <> lists.last_rank
    or (
        shelf.lists > 0
        and customers.orders = 0
        and not customers.is_unknown
        and lists.customer_id is null
    )
