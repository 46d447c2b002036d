-- Every account and every customer of an order is one row of int_customers. A missing one would have no profile and no
-- tier, and no count would include it.
with

int_customers as (select * from {{ ref('int_customers') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }}),

orders_valued as (select * from {{ ref('int_orders_valued') }}),

named_customers as (
    select customer_id from customer_merges
    union
    select customer_id from orders_valued
),

account_counts as (
    select count(*) as accounts from customer_merges
),

customer_account_counts as (
    select coalesce(sum(accounts), 0) as accounts from int_customers
)

select named_customers.customer_id
from named_customers
left join int_customers on int_customers.customer_id = named_customers.customer_id
where int_customers.customer_id is null

union all

select 'accounts do not add up' as customer_id
from account_counts
cross join customer_account_counts
where account_counts.accounts <> customer_account_counts.accounts
