with recursive

stg_customers as (
    select * from {{ ref('stg_customers') }}
),

merges as (
    select
        customer_id as account_id,
        merged_into_customer_id as target_id
    from stg_customers
    where merged_into_customer_id <> customer_id
),

final_accounts as (
    select distinct targets.target_id as account_id
    from merges as targets
    left join merges as onward on onward.account_id = targets.target_id
    where onward.account_id is null
),

-- From the end of each chain back to its beginnings: every account is met once, however long the chain. Accounts that
-- lead into a cycle have no end and are never met; int_merge_cycles takes those.
chain_accounts (account_id, customer_id) as (
    select
        account_id,
        account_id as customer_id
    from final_accounts
    union all
    select
        merges.account_id,
        chain_accounts.customer_id
    from chain_accounts
    inner join merges on merges.target_id = chain_accounts.account_id
)

select
    account_id,
    customer_id
from chain_accounts
