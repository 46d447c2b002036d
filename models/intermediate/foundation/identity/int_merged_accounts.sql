with recursive

stg_customers as (select * from {{ ref('stg_customers') }}),

merges as (
    select
        customer_id as account_id,
        merged_into_customer_id as target_id,
        count(*) over () as accounts
    from stg_customers
    where merged_into_customer_id <> customer_id
),

{{ followed_accounts('merges') }}

select
    account_id,
    customer_id
from followed_accounts
union
select
    customer_id as account_id,
    customer_id
from followed_accounts
