-- A merged account and its target are one customer. Otherwise the customer's orders would be split.
with

stg_customers as (select * from {{ ref('stg_customers') }}),

customer_merges as (select * from {{ ref('int_customer_merges') }})

select
    stg_customers.customer_id,
    stg_customers.merged_into_customer_id
from stg_customers
left join customer_merges as merged on merged.account_id = stg_customers.customer_id
left join customer_merges as target on target.account_id = stg_customers.merged_into_customer_id
where
    stg_customers.merged_into_customer_id is not null
    and merged.customer_id is distinct from target.customer_id
